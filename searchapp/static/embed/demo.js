// What a newsroom's own system has to do: tell the headline, and insert what was chosen.

const headline = document.querySelector("#headline");
const text = document.querySelector("#text");
const widget = document.querySelector("tim-bao");
let caret = null;

headline.addEventListener("input", () => widget.setAttribute("headline", headline.value));

// The news of a change may come when the focus is elsewhere already.
document.addEventListener("selectionchange", keepCaret);
text.addEventListener("focusout", keepCaret);

widget.addEventListener("timbao:select", ({ detail }) => {
  text.focus();
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(caret ?? endOf(text));
  // Deprecated, but the only way that editors' undo takes back in one step.
  document.execCommand("insertHTML", false, detail.html);
});

function keepCaret() {
  const selection = getSelection();
  if (selection.rangeCount && text.contains(selection.anchorNode)) {
    caret = selection.getRangeAt(0).cloneRange();
  }
}

function endOf(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  range.collapse(false);
  return range;
}
