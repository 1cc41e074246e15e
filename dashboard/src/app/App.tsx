import { QueryClientProvider } from "@tanstack/react-query";
import { Suspense } from "react";
import { Route, Router, Switch } from "wouter";
import { queryClient } from "../api/query-client";
import { useLanguage } from "../lib/i18n";
import { Toaster } from "../ui/Toast";
import { NotFoundPage } from "./NotFoundPage";
import { ACCOUNT_PAGES, OPEN_PAGES, SITE_PAGES } from "./routes";
import { Shell } from "./shell/Shell";
import { SignedIn } from "./shell/SignedIn";
import { SiteFrame } from "./shell/SiteFrame";

export function App() {
  // The key renders everything anew in the chosen language, so that texts need no subscription.
  const language = useLanguage();
  return (
    <QueryClientProvider client={queryClient}>
      <Router base="/app" key={language}>
        <Suspense>
          <Switch>
            {OPEN_PAGES.map(({ path, Page }) => (
              <Route key={path} path={path}>
                <Page />
              </Route>
            ))}
            <Route>
              <SignedIn>
                <Shell>
                  <Pages />
                </Shell>
              </SignedIn>
            </Route>
          </Switch>
        </Suspense>
        <Toaster />
      </Router>
    </QueryClientProvider>
  );
}

function Pages() {
  return (
    <Switch>
      {ACCOUNT_PAGES.map(({ path, Page }) => (
        <Route key={path} path={path}>
          <Page />
        </Route>
      ))}
      {SITE_PAGES.map(({ path, Page }) => (
        <Route key={path} path={path}>
          {(params) => (
            <SiteFrame site={params.site ?? ""}>{(siteId) => <Page siteId={siteId} />}</SiteFrame>
          )}
        </Route>
      ))}
      <Route>
        <NotFoundPage />
      </Route>
    </Switch>
  );
}
