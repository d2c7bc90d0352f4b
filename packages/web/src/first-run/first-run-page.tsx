import { useState } from 'react'
import { Page } from '../app/page.tsx'
import { CopyBlock } from './copy-block.tsx'
import { recipes } from './recipes.ts'
import { WaitingPanel } from './waiting-panel.tsx'
import './first-run-page.css'

/** Shown while nothing has arrived yet: how to connect a service, and what is listening meanwhile. */
export function FirstRunPage({ otlpHttpPort }: { otlpHttpPort: number }) {
  const all = recipes(new URL(location.href), otlpHttpPort)
  const [chosenId, setChosenId] = useState('node')
  const chosen = all.find((recipe) => recipe.id === chosenId) ?? all[0]!
  return (
    <Page title="Overview">
      <div className="first-run">
        <div className="first-run-steps">
          <h2>Connect a service</h2>
          <p className="secondary">
            Send OpenTelemetry data to this server. This page changes by itself when the first data arrives.
          </p>
          <ol>
            <li>
              <h3 id="pick">Pick what you run</h3>
              <div className="recipe-choice" role="radiogroup" aria-labelledby="pick">
                {all.map((recipe) => (
                  <label key={recipe.id} className="recipe" data-chosen={recipe.id === chosen.id}>
                    <input
                      type="radio"
                      name="recipe"
                      className="visually-hidden"
                      checked={recipe.id === chosen.id}
                      onChange={() => setChosenId(recipe.id)}
                    />
                    {recipe.name}
                  </label>
                ))}
              </div>
            </li>
            {chosen.add && (
              <li>
                <h3>Add the package</h3>
                <CopyBlock text={chosen.add} label="the installation" />
              </li>
            )}
            <li>
              <h3>{chosen.id === 'collector' ? 'Add the exporter' : 'Start your service with it'}</h3>
              <CopyBlock text={chosen.send} label="the start" />
              <p className="dim">{chosen.where}</p>
            </li>
            <li>
              <h3>Nothing to instrument yet?</h3>
              <CopyBlock text="npm start -- --demo" label="the demo" />
              <p className="dim">Starts this server again with a small video platform and live traffic beside it.</p>
            </li>
          </ol>
        </div>
        <WaitingPanel otlpHttpPort={otlpHttpPort} />
      </div>
    </Page>
  )
}
