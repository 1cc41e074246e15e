import { useState } from "react";

/** A value that is being edited. When what is saved changes, by saving or by undoing, the draft
 *  follows it. For values that compare by `===`. */
export function useDraft<T>(saved: T): [T, (draft: T) => void] {
  const [draft, setDraft] = useState(saved);
  const [base, setBase] = useState(saved);
  if (saved !== base) {
    setBase(saved);
    setDraft(saved);
  }
  return [draft, setDraft];
}
