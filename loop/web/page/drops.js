// Files that are dragged over the page and dropped.

// listenForDrops shows sign while files are over the window, and calls dropped(files). Wherever they are dropped, the browser does not open them in
// the place of the page. Where wanted() is false, nothing else happens.
export function listenForDrops(sign, wanted, dropped) {
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    if (!wanted()) event.dataTransfer.dropEffect = "none";
    sign.hidden = !wanted();
  });
  addEventListener("dragleave", ({ relatedTarget }) => {
    if (relatedTarget === null) sign.hidden = true; // out of the window
  });
  addEventListener("drop", (event) => {
    sign.hidden = true;
    if (!hasFiles(event)) return;
    event.preventDefault();
    if (wanted()) dropped([...event.dataTransfer.files]);
  });
}
