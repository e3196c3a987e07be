/**
 * Marks a button whose work is under way. It keeps the focus, which a disabled button would lose; a press on it does
 * nothing where its handler asks `isBusy` first.
 */
export function setBusy(button: JQuery, busy: boolean): void {
  button.attr('aria-disabled', busy ? 'true' : null).toggleClass('disabled', busy);
}

/** Whether the work of a button is still under way. */
export function isBusy(button: JQuery): boolean {
  return button.attr('aria-disabled') === 'true';
}
