import { type ReactNode, Suspense, useEffect, useRef } from "react";
import { useLocation } from "wouter";
import { GlobalKeys } from "../../features/shortcuts/GlobalKeys";
import { t } from "../../lib/i18n";
import { SkeletonLines } from "../../ui/Skeleton";
import { Boundary } from "../Boundary";
import { Header } from "./Header";
import { TransportBanner } from "./TransportBanner";

/** The frame of every page of a signed-in person. */
export function Shell({ children }: { children: ReactNode }) {
  const [path] = useLocation();
  const main = useFocusOnNavigation(path);
  return (
    <>
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-20 rounded-m bg-fill px-4 py-2 font-medium text-on-fill focus:translate-y-0"
      >
        {t("Skip to content")}
      </a>
      <GlobalKeys />
      <Header />
      <TransportBanner />
      <main
        ref={main}
        id="content"
        tabIndex={-1}
        className="mx-auto max-w-[88rem] px-4 pb-24 outline-none sm:px-6"
      >
        <Boundary at={path}>
          <Suspense fallback={<PageSkeleton />}>{children}</Suspense>
        </Boundary>
      </main>
    </>
  );
}

/** A new page starts at its top, for the eye and for the keyboard. */
function useFocusOnNavigation(path: string) {
  const main = useRef<HTMLElement>(null);
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    scrollTo(0, 0);
    // Not where the new page has put the focus into its first field.
    const typing = document.activeElement?.matches("input, select, textarea");
    if (!typing) main.current?.focus({ preventScroll: true });
  }, [path]);
  return main;
}

export function PageSkeleton() {
  return (
    <div className="pt-10">
      <SkeletonLines lines={5} />
    </div>
  );
}
