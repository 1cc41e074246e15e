import type { ReactNode } from "react";
import { useTitle } from "../../lib/title";
import { Logo } from "../../ui/Logo";
import { LanguageMenu, ThemeMenu } from "../preferences/PreferenceMenus";

interface Props {
  title: string;
  description?: ReactNode;
  children: ReactNode;
}

/** The frame of the pages before anybody is signed in. */
export function AccessFrame({ title, description, children }: Props) {
  useTitle(title);
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex justify-end p-3">
        <ThemeMenu />
        <LanguageMenu />
      </header>
      <main className="mx-auto w-full max-w-md flex-1 px-5 pt-[6vh] pb-16">
        <div className="flex items-center gap-2.5 text-lg font-semibold tracking-tight">
          <Logo size={34} />
          Clew
        </div>
        <h1 className="mt-8 text-2xl font-semibold">{title}</h1>
        {description && <p className="mt-2 text-muted">{description}</p>}
        <div className="mt-7">{children}</div>
      </main>
    </div>
  );
}
