"use server";
import { action } from "#lib/action";
import { markNoticeSeen, markNoticesSeen, markNoticeUnseen } from "#lib/notices/mutations";
import { allNoticesInput, noticeInput } from "#lib/notices/schema";

export const see = action("notices.handle", noticeInput, ({ id }) => markNoticeSeen(id));
export const unsee = action("notices.handle", noticeInput, ({ id }) => markNoticeUnseen(id));
export const seeAll = action("notices.handle", allNoticesInput, ({ upTo }) => markNoticesSeen(upTo));
