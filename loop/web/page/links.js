// Text for the page: addresses of the web become links, and all else stays text.

const address = /\bhttps?:\/\/[^\s<>"]+/g;
const trailing = /[.,;:!?'")\]}]+$/;

// withLinks returns the nodes that show text.
export function withLinks(text) {
  const nodes = document.createDocumentFragment();
  let from = 0;
  for (const found of text.matchAll(address)) {
    const url = trim(found[0]);
    const link = linkTo(url);
    if (!link) continue;
    nodes.append(text.slice(from, found.index), link);
    from = found.index + url.length;
  }
  nodes.append(text.slice(from));
  return nodes;
}

// trim leaves out what ends a sentence rather than an address. A bracket belongs to the address if it was opened there.
function trim(url) {
  const end = trailing.exec(url);
  if (!end) return url;
  const shorter = url.slice(0, end.index);
  return end[0].startsWith(")") && shorter.includes("(") ? shorter + ")" : shorter;
}

function linkTo(text) {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  const link = document.createElement("a");
  link.href = url.href;
  link.rel = "noopener noreferrer";
  link.target = "_blank";
  link.textContent = text;
  return link;
}
