"use server";
import { markNoticeSeen, markNoticesSeen, markNoticeUnseen } from "#lib/department/notices/mutations";
import { allNoticesInput, noticeInput } from "#lib/department/notices/schema";
import { action } from "#lib/gates/action";

export const see = action("notices.handle", noticeInput, ({ id }) => markNoticeSeen(id));
export const unsee = action("notices.handle", noticeInput, ({ id }) => markNoticeUnseen(id));
export const seeAll = action("notices.handle", allNoticesInput, ({ upTo }) => markNoticesSeen(upTo));
