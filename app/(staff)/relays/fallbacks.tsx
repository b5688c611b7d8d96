import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Route } from "#lib/letters/relays/fallbacks";
import { ActionButton } from "#ui/action-button";
import { Badge } from "#ui/badge";
import { Dialog } from "#ui/dialog";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { Select } from "#ui/select";
import { moveStandIn, removeStandIn, standIn } from "./[id]/actions";

type Props = {
  identity: { id: number; address: string };
  /** Its own relay first. */
  routes: Route[];
  standIns: { id: number; name: string }[];
  mayEdit: boolean;
};

/** By which relays the mail of one identity goes, in order, and which one carries it now. */
export function Fallbacks({ identity, routes, standIns, mayEdit }: Props) {
  const t = useTranslations("limits.fallbacks");
  const carrier = routes.find(({ open }) => open);
  const left = standIns.filter(({ id }) => !routes.some(({ relayId }) => relayId === id));
  const alone = routes.length === 1;
  return (
    <div className="mt-2 w-full basis-full rounded-lg bg-sunken/60 px-3 py-2 text-[0.9375rem]">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="text-sm font-medium text-soft">{t("title")}</h3>
        {mayEdit && left.length > 0 && <Add identity={identity} standIns={left} />}
      </div>
      {alone ? (
        <p className="text-sm text-faint">{t("none")}</p>
      ) : (
        <ol aria-label={t("route", { address: identity.address })} className="mt-1 divide-y divide-line">
          {routes.map((route, i) => (
            <li key={route.relayId} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1.5">
              <span className="w-20 shrink-0 text-sm text-faint">
                {route.position === 0 ? t("own") : t("position", { n: i })}
              </span>
              <span className="min-w-0 flex-1 basis-28 [overflow-wrap:anywhere]">{route.name}</span>
              {route === carrier && (
                <Badge tone="good" dot>
                  {t("carries")}
                </Badge>
              )}
              {mayEdit && route.position > 0 && (
                <Acts identity={identity} route={route} first={i === 1} last={i === routes.length - 1} />
              )}
            </li>
          ))}
        </ol>
      )}
      {!carrier && <p className="text-sm text-warn">{t("noneCarries")}</p>}
    </div>
  );
}

type ActsProps = { identity: { id: number }; route: Route; first: boolean; last: boolean };

function Acts({ identity, route, first, last }: ActsProps) {
  const t = useTranslations("limits.fallbacks");
  const fields = { id: identity.id, relayId: route.relayId };
  const act = { namespace: "limits", variant: "ghost", size: "sm" } as const;
  const said = { relay: route.name };
  return (
    <span className="flex items-center">
      <ActionButton
        {...act}
        action={moveStandIn}
        fields={{ ...fields, by: "up" }}
        done={t("moved")}
        aria-label={t("up", said)}
        disabled={first}
        icon={<ArrowUp aria-hidden />}
      />
      <ActionButton
        {...act}
        action={moveStandIn}
        fields={{ ...fields, by: "down" }}
        done={t("moved")}
        aria-label={t("down", said)}
        disabled={last}
        icon={<ArrowDown aria-hidden />}
      />
      <ActionButton
        {...act}
        action={removeStandIn}
        fields={fields}
        done={t("removed")}
        aria-label={t("remove", said)}
        icon={<X aria-hidden />}
      />
    </span>
  );
}

function Add({ identity, standIns }: Pick<Props, "identity" | "standIns">) {
  const t = useTranslations("limits.fallbacks");
  return (
    <Dialog
      trigger={{ label: t("add"), icon: <Plus aria-hidden />, size: "sm", variant: "ghost" }}
      title={t("choose")}
      description={t("text")}
    >
      <Form action={standIn} namespace="limits" done={t("added")} resets>
        <input type="hidden" name="id" value={identity.id} />
        <Select
          name="relayId"
          label={t("choose")}
          placeholder={t("chooseNone")}
          options={standIns.map(({ id, name }) => ({ value: String(id), label: name }))}
          required
        />
        <FormActions>
          <SubmitButton>{t("add")}</SubmitButton>
        </FormActions>
      </Form>
    </Dialog>
  );
}
