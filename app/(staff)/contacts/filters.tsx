import { useTranslations } from "next-intl";
import { interestLevels } from "#lib/people/contacts/interest";
import { type ContactSearch, contactKinds, contactSorts } from "#lib/people/contacts/schema";
import { Filters, SearchField } from "#ui/filters";
import { Select } from "#ui/select";

/** Two in a row of a telephone, one where a word would be cut, all four in a row of a tablet. */
const half = "max-sm:basis-[max(9.5rem,calc(50%-0.375rem))] max-sm:grow sm:max-lg:min-w-40 sm:max-lg:flex-1";

export function ContactFilters({ search, years }: { search: ContactSearch; years: number[] }) {
  const t = useTranslations("contacts");
  const kinds = contactKinds.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) }));
  const sorts = contactSorts.map((sort) => ({
    value: sort === "name" ? "" : sort,
    label: t(`sorts.${sort}`),
  }));
  return (
    <Filters
      label={t("filters")}
      className="mb-4"
      key={`${search.kind}${search.interest}${search.year}${search.state}${search.sort}`}
    >
      <SearchField label={t("search")} defaultValue={search.q} className="basis-full" />
      <Select
        name="kind"
        label={t("kind")}
        labelHidden
        defaultValue={search.kind}
        placeholder={t("allKinds")}
        options={kinds}
        className={half}
      />
      <Select
        name="year"
        label={t("year")}
        labelHidden
        defaultValue={String(search.year)}
        placeholder={t("allYears")}
        options={years.map((year) => ({ value: String(year), label: String(year) }))}
        className={half}
      />
      <Select
        name="interest"
        label={t("interest.title")}
        labelHidden
        defaultValue={search.interest}
        placeholder={t("interest.any")}
        options={interestLevels.map((value) => ({ value, label: t(`interest.levels.${value}`) }))}
        className={half}
      />
      <Select
        name="state"
        label={t("state")}
        labelHidden
        defaultValue={search.state}
        options={[
          { value: "", label: t("active") },
          { value: "archived", label: t("archivedOnes") },
        ]}
        className={half}
      />
      <Select
        name="sort"
        label={t("sort")}
        labelHidden
        defaultValue={search.sort === "name" ? "" : search.sort}
        options={sorts}
        className={half}
      />
    </Filters>
  );
}
