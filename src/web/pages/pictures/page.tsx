import type { ReactNode } from "react";
import { ButtonLink, Loading, Page, useTitle } from "../../elements/index.ts";
import { useCategories, useProject, useProjectId } from "../../services/data.ts";
import { useSay } from "../../services/words/index.ts";
import { CategoryList } from "./category-list.tsx";
import { Groups } from "./groups.tsx";
import { Adding } from "./adding.tsx";
import { Labels } from "./labels.tsx";
import { PictureList } from "./picture-list.tsx";
import { words } from "./words.ts";
import "./page.css";

/** What have we got, and what do we look for? */
export default function Pictures(): ReactNode {
  const say = useSay(words);
  const id = useProjectId();
  const project = useProject(id);
  const categories = useCategories(id);
  useTitle(say("title"), project.data?.name);
  if (project.data === undefined || categories.data === undefined) {
    return <Loading of={[project, categories]} height={400} />;
  }
  const { pictures } = project.data;
  return (
    <Page
      sentence={pictures === 0 ? say("sentence.empty") : say("sentence", { n: pictures, categories: categories.data.length })}
      action={
        pictures > 0 && categories.data.length > 0 ? (
          <ButtonLink kind="primary" href={`/p/${id}/label`}>
            {say("label")}
          </ButtonLink>
        ) : undefined
      }
    >
      <Adding project={id} empty={pictures === 0} />
      <div className={pictures > 0 ? "pictures-columns" : undefined}>
        {pictures > 0 && (
          <div className="stack">
            <Groups project={project.data} />
            <PictureList project={id} categories={categories.data} />
            <Labels project={id} />
          </div>
        )}
        <CategoryList project={id} categories={categories.data} />
      </div>
    </Page>
  );
}
