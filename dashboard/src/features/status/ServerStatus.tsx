import { fetchHealth } from "../../api/health";
import { useLoaded } from "../../lib/useLoaded";
import { Panel } from "../../ui/Panel";

export function ServerStatus() {
  const health = useLoaded(fetchHealth);
  return (
    <Panel title="Server">
      {health.state === "loading" && <p>Asking …</p>}
      {health.state === "failed" && <p className="bad">No answer: {health.error.message}</p>}
      {health.state === "loaded" && (
        <>
          <p className={health.value.status === "ok" ? "good" : "bad"}>
            Status: {health.value.status}
          </p>
          <dl className="parts">
            {health.value.parts.map((part) => (
              <div key={part.name}>
                <dt>{part.name}</dt>
                <dd>{part.state}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </Panel>
  );
}
