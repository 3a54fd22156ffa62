/**
 * Shows another state in the first state mark below an element: the class chooses colour and shape, the word says it.
 */
export function showState(element: Element, state: string): void {
  const mark = element.querySelector(".state");
  if (mark && !mark.classList.contains(state)) {
    mark.className = `state ${state}`;
    setText(mark.querySelector(".word"), state);
  }
}

/** Writes a text only when it differs, so that a selection and the layout stay. */
export function setText(element: Element | null, text: string): void {
  if (element && element.textContent !== text) {
    element.textContent = text;
  }
}
