import { ApiError } from "../../api/error";
import { explain } from "../../api/explain";
import { Banner } from "../../ui/Banner";

/** Why a form was refused. What belongs to one of its `fields` is said there instead. */
export function FormProblem({ error, fields = [] }: { error: unknown; fields?: string[] }) {
  if (!error) return null;
  if (error instanceof ApiError && error.field && fields.includes(error.field)) return null;
  const { title, text } = explain(error);
  return (
    <Banner tone="bad" title={title} urgent>
      {text}
    </Banner>
  );
}
