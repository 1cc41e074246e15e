import type { ReactNode } from "react";

export function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h3 className="font-semibold">{title}</h3>
      <p className="text-muted">{children}</p>
    </div>
  );
}
