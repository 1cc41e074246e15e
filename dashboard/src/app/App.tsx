import { ServerStatus } from "../features/status/ServerStatus";
import { Panel } from "../ui/Panel";

const LINKS = [
  { href: "/demo/", name: "Demo shop", about: "click around; every page is measured" },
  { href: "/docs", name: "API reference", about: "ask the reports, manage sites and keys" },
  { href: "/openapi.json", name: "OpenAPI description", about: "for generated clients" },
];

export function App() {
  return (
    <main>
      <h1>Clew</h1>
      <p className="lead">Self-hosted web analytics, from the first click to the CRM.</p>
      <ServerStatus />
      <Panel title="The dashboard comes with the next release">
        <p>Collection and reports work today. Until then, ask the API:</p>
        <pre>
          <code>
            {`curl -H "Authorization: Bearer sk_…" \\
  "${location.origin}/v1/reports/overview?site=demo&period=7d"`}
          </code>
        </pre>
        <ul>
          {LINKS.map((link) => (
            <li key={link.href}>
              <a href={link.href}>{link.name}</a>: {link.about}
            </li>
          ))}
        </ul>
      </Panel>
    </main>
  );
}
