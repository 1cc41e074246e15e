import { useState } from "react";
import { t } from "../../lib/i18n";
import { CodeBlock } from "../../ui/CodeBlock";
import { Tabs } from "../../ui/Tabs";
import type { Recipe, Target } from "./recipe";

interface Props {
  label: string;
  recipes: readonly Recipe[];
  target: Target;
}

/** One recipe at a time. */
export function Recipes({ label, recipes, target }: Props) {
  const [key, setKey] = useState(recipes[0]?.key ?? "");
  const recipe = recipes.find((one) => one.key === key);
  const steps = recipe?.steps(target) ?? [];
  return (
    <Tabs
      label={label}
      tabs={recipes.map(({ key, title }) => ({ key, label: t(title) }))}
      value={key}
      onChange={setKey}
    >
      <ol className="flex flex-col gap-5">
        {steps.map(({ text, code }, index) => (
          <li key={text} className="flex min-w-0 gap-3">
            {steps.length > 1 && (
              <span
                aria-hidden="true"
                className="mt-px flex size-5.5 shrink-0 items-center justify-center rounded-full bg-accent-soft text-xs font-semibold text-accent"
              >
                {index + 1}
              </span>
            )}
            <div className="min-w-0 flex-1">
              <p className="mb-2">{text}</p>
              {code && <CodeBlock label={code.label} code={code.text} />}
            </div>
          </li>
        ))}
      </ol>
    </Tabs>
  );
}
