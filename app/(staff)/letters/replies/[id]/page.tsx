import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { findReply } from "#lib/letters/saved-replies/queries";
import { idOf } from "#lib/machine/asked";
import { Card } from "#ui/card";
import { PageHeader } from "#ui/page-header";
import { ReplyForm } from "../form";

export default async function SavedReplyPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const user = await gate("letters.send", `/letters/replies/${id}`);
  const [reply, t] = [await findReply(idOf(id) ?? 0, user.id), await getTranslations("letters")];
  if (!reply) notFound();
  return (
    <>
      <PageHeader
        title={reply.title}
        breadcrumbs={[
          { label: t("title"), href: "/inbox" },
          { label: t("replies.title"), href: "/letters/replies" },
        ]}
      />
      <Card className="max-w-3xl">
        <ReplyForm reply={reply} />
      </Card>
    </>
  );
}
