import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useState, type ComponentType, type ReactNode } from "react";
import { Route, Switch, useLocation } from "wouter";
import { ErrorNote, Skeleton } from "../elements/index.ts";
import { routes } from "../pages/all.ts";
import type { Route as PageRoute } from "../pages/route.ts";
import { Gone } from "../services/api.ts";
import { useEvents } from "../services/events.ts";
import { OutboxProvider } from "../services/outbox/index.ts";
import { makeQueryClient } from "../services/query.ts";
import { SessionProvider, useSession } from "../services/session.tsx";
import { LanguageProvider } from "../services/words/index.ts";
import { Boundary } from "./boundary.tsx";
import { Frame } from "./frame.tsx";
import { Missing } from "./missing.tsx";
import { OpenFrame } from "./open-frame.tsx";
import { PasswordAgain } from "./password-again.tsx";
import { SignIn } from "./sign-in.tsx";

const pages: readonly { readonly route: PageRoute; readonly Component: ComponentType }[] = routes.map((route) => ({ route, Component: lazy(() => route.load()) }));

export function App(): ReactNode {
  const [client] = useState(makeQueryClient);
  return (
    <QueryClientProvider client={client}>
      <LanguageProvider>
        <SessionProvider>
          <OutboxProvider>
            <Screen />
          </OutboxProvider>
        </SessionProvider>
      </LanguageProvider>
    </QueryClientProvider>
  );
}

function Screen(): ReactNode {
  const { state, again } = useSession();
  const [location] = useLocation();
  useEvents(state === "in" || state === "ended");
  const open = pages.filter(({ route }) => route.open === true);
  if (open.some(({ route }) => route.paths.includes(location)))
    return (
      <OpenFrame>
        <Pages of={open} />
      </OpenFrame>
    );
  switch (state) {
    case "asking":
      return (
        <OpenFrame>
          <Skeleton height={240} />
        </OpenFrame>
      );
    case "gone":
      return (
        <OpenFrame>
          <ErrorNote error={new Gone(null)} onRetry={again} />
        </OpenFrame>
      );
    case "out":
      return (
        <OpenFrame>
          <SignIn />
        </OpenFrame>
      );
    case "in":
    case "ended":
      return (
        <>
          <Pages of={pages.filter(({ route }) => route.open !== true)} framed />
          {state === "ended" && <PasswordAgain />}
        </>
      );
  }
}

function Pages({ of, framed = false }: { readonly of: typeof pages; readonly framed?: boolean }): ReactNode {
  return (
    <Switch>
      {of.flatMap(({ route, Component }) =>
        route.paths.map((path) => (
          <Route key={path} path={path}>
            <Around framed={framed} bare={route.bare ?? false}>
              <Component />
            </Around>
          </Route>
        )),
      )}
      <Route>
        <Around framed={framed} bare={false}>
          <Missing />
        </Around>
      </Route>
    </Switch>
  );
}

function Around({ framed, bare, children }: { readonly framed: boolean; readonly bare: boolean; readonly children: ReactNode }): ReactNode {
  const [location] = useLocation();
  const page = (
    <Boundary location={location}>
      <Suspense fallback={<Skeleton height={320} />}>{children}</Suspense>
    </Boundary>
  );
  return framed ? <Frame bare={bare}>{page}</Frame> : page;
}
