/** Who comes along: the roles that the method names, each a tap. */
import type { JSX } from "preact";
import type { Plan } from "../shapes";
import { setCompanions } from "../together";
import { t } from "../words";

export function Together({ plan, roles, set }: { plan: Plan; roles: string[]; set: (roles: string[]) => void }): JSX.Element {
  const toggle = (role: string): void => {
    const chosen = roles.includes(role) ? roles.filter((one) => one !== role) : [...roles, role];
    setCompanions(plan, chosen);
    set(chosen);
  };
  const rule = plan.together_rule === "all" ? t("together_all") : plan.together_rule === "any" ? t("together_any") : "";
  return (
    <fieldset class="f-pick">
      <legend>
        {t("together")}
        {rule && <small class="muted"> · {rule}</small>}
      </legend>
      <div class="f-pick__row">
        {plan.together.map(([role, title]) => (
          <label key={role} class={roles.includes(role) ? "is-on" : ""}>
            <input type="checkbox" checked={roles.includes(role)} onChange={() => toggle(role)} />
            <span>{title}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
