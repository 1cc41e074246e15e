import type { Subject } from "../../../api/subjects";

export type SubjectKind = "visitorId" | "userId";

export interface SubjectDraft {
  kind: SubjectKind;
  id: string;
}

/** Whom the page was opened for: `?visitor=…` or `?user=…`. */
export function subjectOf(search: string): SubjectDraft {
  const given = new URLSearchParams(search);
  const user = given.get("user");
  return user !== null
    ? { kind: "userId", id: user }
    : { kind: "visitorId", id: given.get("visitor") ?? "" };
}

export function toSubject({ kind, id }: SubjectDraft): Subject {
  const text = id.trim();
  return kind === "visitorId" ? { visitorId: text } : { userId: text };
}
