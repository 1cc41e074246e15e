import { type ReactNode, Suspense } from "react";

export function Shell({ children }: { children: ReactNode }) {
  return (
    <div className="mx-auto max-w-[88rem] px-4 pb-24 sm:px-6">
      <main id="content" tabIndex={-1}>
        <Suspense>{children}</Suspense>
      </main>
    </div>
  );
}
