import { type RefObject, useEffect } from "react";

/** Shows a dialog above everything while `open`, with the focus inside, and gives the focus back to
 *  what had it. */
export function useModal(dialog: RefObject<HTMLDialogElement | null>, open: boolean): void {
  useEffect(() => {
    const element = dialog.current;
    if (!open || !element || element.open) return;
    const before = document.activeElement;
    element.showModal();
    element.querySelector<HTMLElement>("[data-autofocus]")?.focus();
    return () => {
      element.close();
      // The dialog is out of the document by now, and then the browser gives nothing back.
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, [dialog, open]);
}
