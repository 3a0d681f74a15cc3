/** Pictures that are there are grouped anew when somebody says how groups are told. */
import type { PartName } from "../../labels/index.ts";
import { groupOf, type GroupRule } from "../pictures/groups.ts";
import type { Database } from "./database.ts";

/** What was told of pictures of one group before they were one: a picture kept for checking is never learned from. */
const strictest: readonly PartName[] = ["report", "selection", "fit"];

/**
 * Groups by the rule every picture whose group nobody stated: it stands alone, or its group is one a rule reads from its name. A group that no name says was stated by somebody, and stays. Pictures that come to be of one group
 * take the strictest part told of any of them. Removed pictures too, as they may be brought back. Where groups are told by a file ("column") nothing is changed. Returns how many pictures have another group now.
 */
export function regroup(database: Database, project: string, rule: GroupRule | "column"): number {
  if (rule === "column") return 0;
  return database.write(() => {
    const all = database.all<{ id: string; name: string; group: string | null }>('select cast(id as text) as id, name, group_name as "group" from picture where project = ? order by id', project);
    const joined = new Set<string>();
    let changed = 0;
    for (const { id, name, group } of all) {
      const to = groupOf(name, rule);
      if (to === group || !(group === null || group === groupOf(name, "folder") || group === groupOf(name, "name"))) continue;
      database.run("update picture set group_name = ? where id = ?", to, id);
      changed += 1;
      if (to !== null) joined.add(to);
    }
    if (joined.size === 0) return changed;
    const told = database.all<{ group: string; part: PartName }>('select distinct group_name as "group", said_part as part from picture where project = ? and group_name is not null and said_part is not null', project);
    for (const group of new Set(told.map((one) => one.group))) {
      if (!joined.has(group)) continue;
      const part = strictest.find((each) => told.some((one) => one.group === group && one.part === each))!;
      database.run("update picture set said_part = ? where project = ? and group_name = ?", part, project, group);
    }
    return changed;
  });
}
