import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './theme/styles.ts'
import { monitorItself } from './app/own-monitoring.ts'
import { queryClient } from './app/query-client.ts'
import { reloadWhenReplaced } from './app/reload-when-replaced.ts'
import { router } from './app/router.tsx'
import { mendBrowserLanguage } from './browser/browser-language.ts'
import { theme } from './theme/mantine.ts'

mendBrowserLanguage()
reloadWhenReplaced()
monitorItself()

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
