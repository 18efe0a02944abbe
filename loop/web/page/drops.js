// Files that are dragged over the page and dropped.

// listenForDrops shows sign while files are over area, and calls dropped(files).
export function listenForDrops(area, sign, dropped) {
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  area.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    sign.hidden = false;
  });
  area.addEventListener("dragleave", (event) => {
    if (!area.contains(event.relatedTarget)) sign.hidden = true;
  });
  area.addEventListener("drop", (event) => {
    sign.hidden = true;
    if (!hasFiles(event)) return;
    event.preventDefault();
    dropped([...event.dataTransfer.files]);
  });
}
