// Made by scripts/generate-client.ts from docs/openapi.json; do not edit.

export type ClientOptions = {
    baseUrl: `${string}://${string}` | (string & {});
};

export type Problem = {
    /**
     * A URI reference of the kind of problem; about:blank when the code says it all
     */
    type: string;
    /**
     * The same for every problem of a code
     */
    title: string;
    status: number;
    code: 'VALIDATION_ERROR' | 'HEALTH_CHECK_ERROR' | 'COLLECTION_ERROR' | 'ALERT_ERROR' | 'UNAUTHENTICATED' | 'FORBIDDEN' | 'NOT_FOUND' | 'METHOD_NOT_ALLOWED' | 'REQUEST_TIMEOUT' | 'CONFLICT' | 'PRECONDITION_FAILED' | 'PAYLOAD_TOO_LARGE' | 'UNSUPPORTED_MEDIA_TYPE' | 'MISDIRECTED_REQUEST' | 'QUERY_LIMIT' | 'RATE_LIMITED' | 'HEADERS_TOO_LARGE' | 'INTERNAL_ERROR' | 'UNAVAILABLE';
    /**
     * What went wrong this time, for a person
     */
    detail: string;
    errors?: Array<{
        /**
         * The parameter or field at fault
         */
        path: string;
        message: string;
        /**
         * Where in the text of a filter, formula or SQL it is, from 1
         */
        column?: number;
        /**
         * What may have been meant
         */
        hint?: string;
    }>;
    /**
     * Also in the log of the server
     */
    requestId: string;
};

export type Health = {
    status: 'healthy' | 'degraded' | 'unhealthy';
    timestamp: string;
    uptimeSeconds: number;
    version: string;
    components: {
        ingest: {
            /**
             * disabled: this role or store is not part of this process
             */
            status: 'healthy' | 'degraded' | 'unhealthy' | 'disabled';
            /**
             * Of the probe; null when there is nothing to measure
             */
            latencyMs: number | null;
            /**
             * What is wrong, and how it ends; absent when nothing is
             */
            message?: string;
        };
        clickhouse: {
            /**
             * disabled: this role or store is not part of this process
             */
            status: 'healthy' | 'degraded' | 'unhealthy' | 'disabled';
            /**
             * Of the probe; null when there is nothing to measure
             */
            latencyMs: number | null;
            /**
             * What is wrong, and how it ends; absent when nothing is
             */
            message?: string;
        };
        database: {
            /**
             * disabled: this role or store is not part of this process
             */
            status: 'healthy' | 'degraded' | 'unhealthy' | 'disabled';
            /**
             * Of the probe; null when there is nothing to measure
             */
            latencyMs: number | null;
            /**
             * What is wrong, and how it ends; absent when nothing is
             */
            message?: string;
        };
        scheduler: {
            /**
             * disabled: this role or store is not part of this process
             */
            status: 'healthy' | 'degraded' | 'unhealthy' | 'disabled';
            /**
             * Of the probe; null when there is nothing to measure
             */
            latencyMs: number | null;
            /**
             * What is wrong, and how it ends; absent when nothing is
             */
            message?: string;
        };
    };
    checks: {
        healthy: number;
        degraded: number;
        unhealthy: number;
        unknown: number;
    };
};

export type GetHealthData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/monitoring/health';
};

export type GetHealthErrors = {
    /**
     * Default Response
     */
    503: Health;
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type GetHealthError = GetHealthErrors[keyof GetHealthErrors];

export type GetHealthResponses = {
    /**
     * Default Response
     */
    200: Health;
};

export type GetHealthResponse = GetHealthResponses[keyof GetHealthResponses];

export type GetOverviewData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Start of the range, included
         */
        from?: string;
        /**
         * End of the range, not included
         */
        to?: string;
    };
    url: '/api/v1/monitoring/overview';
};

export type GetOverviewErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type GetOverviewError = GetOverviewErrors[keyof GetOverviewErrors];

export type GetOverviewResponses = {
    /**
     * Default Response
     */
    200: {
        timestamp: string;
        from: string;
        to: string;
        /**
         * Between the points of every series here
         */
        intervalSeconds: number;
        health?: Health;
        /**
         * Where OTLP/HTTP is received, on the host of this API
         */
        otlpHttpPort?: number;
        /**
         * Weighted by sampling, so it can be a fraction
         */
        requests: number;
        /**
         * Per second
         */
        requestRate: number;
        errors: number;
        /**
         * 0 to 1
         */
        errorRate: number;
        /**
         * ms, within 4.4 %; null without requests
         */
        p50: number | null;
        p95: number | null;
        p99: number | null;
        /**
         * Different values of user.id on entry spans
         */
        activeUsers: number;
        /**
         * Different values of session.id on entry spans
         */
        activeSessions: number;
        /**
         * ms
         */
        latency: {
            p50: number | null;
            p95: number | null;
            p99: number | null;
        };
        series: {
            requestRate: Array<[
                number,
                number | null
            ]>;
            errorRate: Array<[
                number,
                number | null
            ]>;
            p50: Array<[
                number,
                number | null
            ]>;
            p95: Array<[
                number,
                number | null
            ]>;
            p99: Array<[
                number,
                number | null
            ]>;
        };
        /**
         * The 50 with the most requests
         */
        services: Array<{
            name: string;
            /**
             * Weighted by sampling, so it can be a fraction
             */
            requests: number;
            /**
             * Per second
             */
            requestRate: number;
            errors: number;
            /**
             * 0 to 1
             */
            errorRate: number;
            /**
             * ms, within 4.4 %; null without requests
             */
            p50: number | null;
            p95: number | null;
            p99: number | null;
            series: {
                requestRate: Array<[
                    number,
                    number | null
                ]>;
                errorRate: Array<[
                    number,
                    number | null
                ]>;
                p95: Array<[
                    number,
                    number | null
                ]>;
            };
        }>;
        serviceCount: number;
        endpoints: {
            busiest: Array<{
                service: string;
                /**
                 * The name of the span
                 */
                operation: string;
                /**
                 * Empty when it is not HTTP
                 */
                method: string;
                /**
                 * Empty when the client sent none
                 */
                route: string;
                kind: 'server' | 'consumer';
                /**
                 * Weighted by sampling, so it can be a fraction
                 */
                requests: number;
                /**
                 * Per second
                 */
                requestRate: number;
                errors: number;
                /**
                 * 0 to 1
                 */
                errorRate: number;
                /**
                 * ms, within 4.4 %; null without requests
                 */
                p50: number | null;
                p95: number | null;
                p99: number | null;
                /**
                 * ms
                 */
                average: number | null;
                /**
                 * ms
                 */
                max: number | null;
            }>;
            /**
             * By p95
             */
            slowest: Array<{
                service: string;
                /**
                 * The name of the span
                 */
                operation: string;
                /**
                 * Empty when it is not HTTP
                 */
                method: string;
                /**
                 * Empty when the client sent none
                 */
                route: string;
                kind: 'server' | 'consumer';
                /**
                 * Weighted by sampling, so it can be a fraction
                 */
                requests: number;
                /**
                 * Per second
                 */
                requestRate: number;
                errors: number;
                /**
                 * 0 to 1
                 */
                errorRate: number;
                /**
                 * ms, within 4.4 %; null without requests
                 */
                p50: number | null;
                p95: number | null;
                p99: number | null;
                /**
                 * ms
                 */
                average: number | null;
                /**
                 * ms
                 */
                max: number | null;
            }>;
        };
        system: Array<{
            host: string;
            /**
             * Of its newest value
             */
            timestamp: string;
            /**
             * Percent, 0 to 100
             */
            cpu: number | null;
            /**
             * Percent, 0 to 100
             */
            memory: number | null;
            /**
             * Percent of the fullest file system, 0 to 100
             */
            disk: number | null;
            /**
             * Average of one minute
             */
            load: number | null;
            cores: number | null;
            series: {
                cpu: Array<[
                    number,
                    number | null
                ]>;
                memory: Array<[
                    number,
                    number | null
                ]>;
            };
        }>;
        logs: {
            total: number;
            byLevel: {
                unset: number;
                trace: number;
                debug: number;
                info: number;
                warn: number;
                error: number;
                fatal: number;
            };
            series: Array<{
                level: 'unset' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
                points: Array<[
                    number,
                    number | null
                ]>;
            }>;
        };
        /**
         * The ten newest traces with an error
         */
        errorTraces: Array<{
            traceId: string;
            /**
             * Of the span without a parent here; of the earliest one when there are several
             */
            rootService: string;
            rootOperation: string;
            startTime: string;
            /**
             * First start to last end
             */
            durationMs: number;
            spanCount: number;
            errorCount: number;
            services: Array<string>;
        }>;
        /**
         * Firing now, by severity
         */
        alerts?: {
            info: number;
            warning: number;
            error: number;
            critical: number;
        };
        checks?: {
            healthy: number;
            degraded: number;
            unhealthy: number;
            unknown: number;
        };
        /**
         * false while telemetry that arrived late is still to be counted: calls and active users may be missing, or be too few
         */
        complete: boolean;
        /**
         * When what is missing is expected to be counted; null when nothing is, or when it is too old to be counted
         */
        completeAt: string | null;
    };
};

export type GetOverviewResponse = GetOverviewResponses[keyof GetOverviewResponses];

export type ListServicesData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Start of the range, included
         */
        from?: string;
        /**
         * End of the range, not included
         */
        to?: string;
        limit?: number;
        /**
         * nextCursor of the answer before
         */
        cursor?: string;
    };
    url: '/api/v1/monitoring/services';
};

export type ListServicesErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type ListServicesError = ListServicesErrors[keyof ListServicesErrors];

export type ListServicesResponses = {
    /**
     * Default Response
     */
    200: {
        items: Array<{
            name: string;
            /**
             * Weighted by sampling, so it can be a fraction
             */
            requests: number;
            /**
             * Per second
             */
            requestRate: number;
            errors: number;
            /**
             * 0 to 1
             */
            errorRate: number;
            /**
             * ms, within 4.4 %; null without requests
             */
            p50: number | null;
            p95: number | null;
            p99: number | null;
        }>;
        nextCursor: string | null;
    };
};

export type ListServicesResponse = ListServicesResponses[keyof ListServicesResponses];

export type GetServiceData = {
    body?: never;
    path: {
        name: string;
    };
    query?: {
        /**
         * Start of the range, included
         */
        from?: string;
        /**
         * End of the range, not included
         */
        to?: string;
        /**
         * Seconds, in whole minutes
         */
        interval?: number;
    };
    url: '/api/v1/monitoring/services/{name}';
};

export type GetServiceErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type GetServiceError = GetServiceErrors[keyof GetServiceErrors];

export type GetServiceResponses = {
    /**
     * Default Response
     */
    200: {
        name: string;
        /**
         * Weighted by sampling, so it can be a fraction
         */
        requests: number;
        /**
         * Per second
         */
        requestRate: number;
        errors: number;
        /**
         * 0 to 1
         */
        errorRate: number;
        /**
         * ms, within 4.4 %; null without requests
         */
        p50: number | null;
        p95: number | null;
        p99: number | null;
        from: string;
        to: string;
        intervalSeconds: number;
        series: {
            requestRate: Array<[
                number,
                number | null
            ]>;
            errorRate: Array<[
                number,
                number | null
            ]>;
            p50: Array<[
                number,
                number | null
            ]>;
            p95: Array<[
                number,
                number | null
            ]>;
            p99: Array<[
                number,
                number | null
            ]>;
        };
        /**
         * The 100 busiest
         */
        endpoints: Array<{
            service: string;
            /**
             * The name of the span
             */
            operation: string;
            /**
             * Empty when it is not HTTP
             */
            method: string;
            /**
             * Empty when the client sent none
             */
            route: string;
            kind: 'server' | 'consumer';
            /**
             * Weighted by sampling, so it can be a fraction
             */
            requests: number;
            /**
             * Per second
             */
            requestRate: number;
            errors: number;
            /**
             * 0 to 1
             */
            errorRate: number;
            /**
             * ms, within 4.4 %; null without requests
             */
            p50: number | null;
            p95: number | null;
            p99: number | null;
            /**
             * ms
             */
            average: number | null;
            /**
             * ms
             */
            max: number | null;
        }>;
        /**
         * What it asks (out) and what asks it (in), most requests first; ids as in the service map
         */
        dependencies: Array<{
            id: string;
            name: string;
            kind: 'service' | 'database' | 'queue' | 'external';
            direction: 'in' | 'out';
            requests: number;
            errors: number;
            /**
             * ms, within 4.4 %
             */
            p95: number | null;
        }>;
        /**
         * The 50 that take longest in all
         */
        databaseCalls: Array<{
            system: string;
            namespace: string;
            /**
             * The name of the span
             */
            operation: string;
            requests: number;
            errors: number;
            /**
             * ms, within 4.4 %
             */
            p95: number | null;
        }>;
        /**
         * The ten with the most errors
         */
        errorGroups: Array<{
            id: string;
            /**
             * exception.type or error.type; may be empty
             */
            type: string;
            /**
             * Of the newest
             */
            message: string;
            services: Array<string>;
            /**
             * Each error once: what a span and a log record of it both tell is one. Spans are weighted by sampling.
             */
            count: number;
            /**
             * That tell it, weighted by sampling
             */
            spans: number;
            /**
             * Records with exception.* attributes that tell it
             */
            logs: number;
            /**
             * In the range
             */
            firstSeen: string;
            lastSeen: string;
            /**
             * Newest first
             */
            samples: Array<{
                timestamp: string;
                service: string;
                /**
                 * The name of the span; empty for a log record whose span is not known to have failed
                 */
                operation: string;
                message: string;
                traceId: string | null;
                spanId: string | null;
            }>;
        }>;
        /**
         * false while telemetry that arrived late is still to be counted: calls and active users may be missing, or be too few
         */
        complete: boolean;
        /**
         * When what is missing is expected to be counted; null when nothing is, or when it is too old to be counted
         */
        completeAt: string | null;
    };
};

export type GetServiceResponse = GetServiceResponses[keyof GetServiceResponses];

export type GetServiceMapData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Start of the range, included
         */
        from?: string;
        /**
         * End of the range, not included
         */
        to?: string;
        /**
         * Only this one, what it asks and what asks it
         */
        service?: string;
    };
    url: '/api/v1/monitoring/service-map';
};

export type GetServiceMapErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type GetServiceMapError = GetServiceMapErrors[keyof GetServiceMapErrors];

export type GetServiceMapResponses = {
    /**
     * Default Response
     */
    200: {
        from: string;
        to: string;
        nodes: Array<{
            /**
             * The name of a service; of others KIND:NAME, such as database:postgresql/videos
             */
            id: string;
            kind: 'service' | 'database' | 'queue' | 'external';
            name: string;
            /**
             * Of a service its entry spans, of others what is asked of them; weighted by sampling
             */
            requests: number;
            errors: number;
            /**
             * ms, within 4.4 %; null without requests
             */
            p95: number | null;
        }>;
        /**
         * Most requests first
         */
        edges: Array<{
            /**
             * The id of a node
             */
            source: string;
            /**
             * The id of a node
             */
            target: string;
            /**
             * Weighted by sampling
             */
            requests: number;
            errors: number;
            /**
             * ms, within 4.4 %: of services as they measured it, of others as their caller did
             */
            p95: number | null;
        }>;
        /**
         * There are more than 2000 edges; those with the fewest requests are left out
         */
        truncated: boolean;
        /**
         * false while telemetry that arrived late is still to be counted: calls and active users may be missing, or be too few
         */
        complete: boolean;
        /**
         * When what is missing is expected to be counted; null when nothing is, or when it is too old to be counted
         */
        completeAt: string | null;
    };
};

export type GetServiceMapResponse = GetServiceMapResponses[keyof GetServiceMapResponses];

export type ListErrorGroupsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Start of the range, included
         */
        from?: string;
        /**
         * End of the range, not included
         */
        to?: string;
        service?: string;
        /**
         * A part of the type or the message, in any case
         */
        search?: string;
        sort?: 'count' | 'lastSeen';
        limit?: number;
        /**
         * nextCursor of the answer before
         */
        cursor?: string;
    };
    url: '/api/v1/monitoring/errors';
};

export type ListErrorGroupsErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type ListErrorGroupsError = ListErrorGroupsErrors[keyof ListErrorGroupsErrors];

export type ListErrorGroupsResponses = {
    /**
     * Default Response
     */
    200: {
        items: Array<{
            id: string;
            /**
             * exception.type or error.type; may be empty
             */
            type: string;
            /**
             * Of the newest
             */
            message: string;
            services: Array<string>;
            /**
             * Each error once: what a span and a log record of it both tell is one. Spans are weighted by sampling.
             */
            count: number;
            /**
             * That tell it, weighted by sampling
             */
            spans: number;
            /**
             * Records with exception.* attributes that tell it
             */
            logs: number;
            /**
             * In the range
             */
            firstSeen: string;
            lastSeen: string;
            /**
             * Newest first
             */
            samples: Array<{
                timestamp: string;
                service: string;
                /**
                 * The name of the span; empty for a log record whose span is not known to have failed
                 */
                operation: string;
                message: string;
                traceId: string | null;
                spanId: string | null;
            }>;
        }>;
        nextCursor: string | null;
    };
};

export type ListErrorGroupsResponse = ListErrorGroupsResponses[keyof ListErrorGroupsResponses];

export type GetErrorGroupData = {
    body?: never;
    path: {
        group: string;
    };
    query?: {
        /**
         * Start of the range, included
         */
        from?: string;
        /**
         * End of the range, not included
         */
        to?: string;
    };
    url: '/api/v1/monitoring/errors/{group}';
};

export type GetErrorGroupErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type GetErrorGroupError = GetErrorGroupErrors[keyof GetErrorGroupErrors];

export type GetErrorGroupResponses = {
    /**
     * Default Response
     */
    200: {
        id: string;
        /**
         * exception.type or error.type; may be empty
         */
        type: string;
        /**
         * Of the newest
         */
        message: string;
        services: Array<string>;
        /**
         * Each error once: what a span and a log record of it both tell is one. Spans are weighted by sampling.
         */
        count: number;
        /**
         * That tell it, weighted by sampling
         */
        spans: number;
        /**
         * Records with exception.* attributes that tell it
         */
        logs: number;
        /**
         * In the range
         */
        firstSeen: string;
        lastSeen: string;
        /**
         * Newest first
         */
        samples: Array<{
            timestamp: string;
            service: string;
            /**
             * The name of the span; empty for a log record whose span is not known to have failed
             */
            operation: string;
            message: string;
            traceId: string | null;
            spanId: string | null;
        }>;
        /**
         * Of the newest, as it was sent; empty when none was
         */
        stack: string;
        /**
         * The same after source maps; null when none of its release fits
         */
        mappedStack: {
            /**
             * The stack with the positions of the sources
             */
            text: string;
            /**
             * Innermost first
             */
            frames: Array<{
                /**
                 * Empty when unknown
                 */
                function: string;
                /**
                 * Of the source when `mapped`, else as it was sent
                 */
                file: string;
                /**
                 * From 1
                 */
                line: number;
                /**
                 * From 1
                 */
                column: number;
                mapped: boolean;
                /**
                 * The line of the source; empty when the source map has no sources
                 */
                code: string;
            }>;
        } | null;
        intervalSeconds: number;
        /**
         * Count per interval
         */
        series: Array<[
            number,
            number | null
        ]>;
    };
};

export type GetErrorGroupResponse = GetErrorGroupResponses[keyof GetErrorGroupResponses];

export type SearchTracesData = {
    body?: never;
    path?: never;
    query?: {
        service?: string;
        /**
         * The exact name of the span
         */
        operation?: string;
        /**
         * ok: the span did not fail (status ok or unset)
         */
        status?: 'error' | 'ok';
        /**
         * ms, of the whole trace
         */
        minDuration?: number;
        /**
         * ms, of the whole trace
         */
        maxDuration?: number;
        /**
         * ms, of the span
         */
        minSpanDuration?: number;
        /**
         * ms, of the span
         */
        maxSpanDuration?: number;
        /**
         * The span is a root: it has no parent
         */
        rootOnly?: 'true' | 'false';
        /**
         * Some span below it, at any depth, fulfils this filter
         */
        calls?: string;
        /**
         * Some span below it, at any depth, failed
         */
        errorBelow?: 'true' | 'false';
        /**
         * A filter, such as service.name = 'video' AND http.response.status_code >= 500. KEY is an attribute of the item; resource.KEY, scope.KEY, event.KEY, link.KEY and any.KEY say where; event{…} and link{…} are of one and the same; a.b reaches into a map, CONTAINS into an array. A missing field fulfils no condition; NOT (…) holds where what it denies does not
         */
        filter?: string;
        /**
         * Start of the range, included
         */
        from?: string;
        /**
         * End of the range, not included
         */
        to?: string;
        limit?: number;
        /**
         * nextCursor of the answer before
         */
        cursor?: string;
    };
    url: '/api/v1/monitoring/traces';
};

export type SearchTracesErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type SearchTracesError = SearchTracesErrors[keyof SearchTracesErrors];

export type SearchTracesResponses = {
    /**
     * Default Response
     */
    200: {
        items: Array<{
            traceId: string;
            /**
             * Of the span without a parent here; of the earliest one when there are several
             */
            rootService: string;
            rootOperation: string;
            startTime: string;
            /**
             * First start to last end
             */
            durationMs: number;
            spanCount: number;
            errorCount: number;
            services: Array<string>;
        }>;
        nextCursor: string | null;
    };
};

export type SearchTracesResponse = SearchTracesResponses[keyof SearchTracesResponses];

export type GetTraceData = {
    body?: never;
    path: {
        traceId: string;
    };
    query?: {
        limit?: number;
        /**
         * nextCursor of the answer before
         */
        cursor?: string;
        format?: 'json' | 'otlp';
    };
    url: '/api/v1/monitoring/traces/{traceId}';
};

export type GetTraceErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type GetTraceError = GetTraceErrors[keyof GetTraceErrors];

export type GetTraceResponses = {
    /**
     * Default Response
     */
    200: {
        traceId: string;
        spans: Array<{
            traceId: string;
            spanId: string;
            /**
             * null for a root span
             */
            parentSpanId: string | null;
            service: string;
            name: string;
            kind: 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer' | string;
            startTime: string;
            startTimeUnixNano: string;
            endTimeUnixNano: string;
            /**
             * 0 when the span ends before it starts
             */
            durationMs: number;
            status: 'unset' | 'ok' | 'error' | string;
            statusMessage: string;
            traceState: string;
            flags: number;
            attributes: {
                [key: string]: unknown;
            };
            resource: {
                [key: string]: unknown;
            };
            scope: {
                name: string;
                version: string;
                attributes: {
                    [key: string]: unknown;
                };
            };
            events: Array<{
                name: string;
                time: string;
                timeUnixNano: string;
                attributes: {
                    [key: string]: unknown;
                };
                droppedAttributesCount: number;
                /**
                 * `exception.stacktrace` after source maps, where one fits
                 */
                mappedStack?: {
                    /**
                     * The stack with the positions of the sources
                     */
                    text: string;
                    /**
                     * Innermost first
                     */
                    frames: Array<{
                        /**
                         * Empty when unknown
                         */
                        function: string;
                        /**
                         * Of the source when `mapped`, else as it was sent
                         */
                        file: string;
                        /**
                         * From 1
                         */
                        line: number;
                        /**
                         * From 1
                         */
                        column: number;
                        mapped: boolean;
                        /**
                         * The line of the source; empty when the source map has no sources
                         */
                        code: string;
                    }>;
                };
            }>;
            links: Array<{
                traceId: string;
                spanId: string;
                traceState: string;
                flags: number;
                attributes: {
                    [key: string]: unknown;
                };
                droppedAttributesCount: number;
            }>;
            droppedAttributesCount: number;
            droppedEventsCount: number;
            droppedLinksCount: number;
        }>;
        nextCursor: string | null;
    } | {
        resourceSpans: Array<unknown>;
    };
};

export type GetTraceResponse = GetTraceResponses[keyof GetTraceResponses];

export type GetTraceTreeData = {
    body?: never;
    path: {
        traceId: string;
    };
    query?: {
        /**
         * Only this span and what is below it
         */
        span?: string;
        /**
         * How many levels below the first are opened
         */
        depth?: number;
        limit?: number;
        /**
         * nextCursor of the answer before
         */
        cursor?: string;
    };
    url: '/api/v1/monitoring/traces/{traceId}/tree';
};

export type GetTraceTreeErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type GetTraceTreeError = GetTraceTreeErrors[keyof GetTraceTreeErrors];

export type GetTraceTreeResponses = {
    /**
     * Default Response
     */
    200: {
        traceId: string;
        startTime: string;
        durationMs: number;
        spanCount: number;
        errorCount: number;
        /**
         * The trace has more than 250,000 spans; the latest are left out
         */
        truncated: boolean;
        /**
         * Most self time first
         */
        services: Array<{
            service: string;
            spans: number;
            errors: number;
            selfMs: number;
        }>;
        /**
         * What the whole had to wait for, piece by piece, earliest first; the 1000 longest pieces. Where no span ran there is a gap
         */
        criticalPath: Array<{
            spanId: string;
            service: string;
            name: string;
            offsetMs: number;
            durationMs: number;
        }>;
        items: Array<{
            spanId: string;
            parentSpanId: string | null;
            /**
             * 0 for a root of the trace
             */
            depth: number;
            service: string;
            name: string;
            kind: 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer' | string;
            status: 'unset' | 'ok' | 'error' | string;
            /**
             * From the start of the trace
             */
            offsetMs: number;
            durationMs: number;
            /**
             * While none of its children ran
             */
            selfMs: number;
            children: number;
            descendants: number;
            /**
             * Failed descendants
             */
            errorsBelow: number;
            /**
             * On the critical path
             */
            critical: boolean;
        }>;
        nextCursor: string | null;
    };
};

export type GetTraceTreeResponse = GetTraceTreeResponses[keyof GetTraceTreeResponses];

export type CompareSpansData = {
    body: {
        /**
         * Start of the range, included
         */
        from?: string;
        /**
         * End of the range, not included
         */
        to?: string;
        service?: string;
        operation?: string;
        /**
         * A filter, such as service.name = 'video' AND http.response.status_code >= 500. KEY is an attribute of the item; resource.KEY, scope.KEY, event.KEY, link.KEY and any.KEY say where; event{…} and link{…} are of one and the same; a.b reaches into a map, CONTAINS into an array. A missing field fulfils no condition; NOT (…) holds where what it denies does not
         */
        filter?: string;
        /**
         * Which of those spans are compared with the rest of them
         */
        selected: {
            /**
             * ms, of the span
             */
            minDuration?: number;
            status?: 'error' | 'ok';
            /**
             * A filter, such as service.name = 'video' AND http.response.status_code >= 500. KEY is an attribute of the item; resource.KEY, scope.KEY, event.KEY, link.KEY and any.KEY say where; event{…} and link{…} are of one and the same; a.b reaches into a map, CONTAINS into an array. A missing field fulfils no condition; NOT (…) holds where what it denies does not
             */
            filter?: string;
        };
        limit?: number;
    };
    path?: never;
    query?: never;
    url: '/api/v1/monitoring/traces/compare';
};

export type CompareSpansErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type CompareSpansError = CompareSpansErrors[keyof CompareSpansErrors];

export type CompareSpansResponses = {
    /**
     * Default Response
     */
    200: {
        /**
         * Spans that were looked at: the newest 100,000 at most
         */
        selected: number;
        rest: number;
        /**
         * Those that chance does not explain, largest difference of shares first; of the resource as resource.KEY
         */
        attributes: Array<{
            key: string;
            value: string;
            selected: {
                count: number;
                /**
                 * 0 to 1, of its side
                 */
                share: number;
            };
            rest: {
                count: number;
                /**
                 * 0 to 1, of its side
                 */
                share: number;
            };
            difference: number;
        }>;
    };
};

export type CompareSpansResponse = CompareSpansResponses[keyof CompareSpansResponses];

export type SearchLogsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * A set: error,fatal
         */
        level?: Array<'unset' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;
        /**
         * This level and those above it
         */
        minLevel?: 'unset' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
        service?: string;
        /**
         * Text that the body contains, in any case
         */
        search?: string;
        traceId?: string;
        spanId?: string;
        /**
         * A filter, such as service.name = 'video' AND http.response.status_code >= 500. KEY is an attribute of the item; resource.KEY, scope.KEY, event.KEY, link.KEY and any.KEY say where; event{…} and link{…} are of one and the same; a.b reaches into a map, CONTAINS into an array. A missing field fulfils no condition; NOT (…) holds where what it denies does not
         */
        filter?: string;
        /**
         * Start of the range, included
         */
        from?: string;
        /**
         * End of the range, not included
         */
        to?: string;
        limit?: number;
        /**
         * nextCursor of the answer before
         */
        cursor?: string;
        format?: 'json' | 'otlp';
    };
    url: '/api/v1/monitoring/logs';
};

export type SearchLogsErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type SearchLogsError = SearchLogsErrors[keyof SearchLogsErrors];

export type SearchLogsResponses = {
    /**
     * Default Response
     */
    200: {
        items: Array<{
            /**
             * Decimal; unique within a time
             */
            id: string;
            level: 'unset' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
            severityNumber: number;
            severityText: string;
            /**
             * The body; what is not a string as JSON
             */
            message: string;
            timestamp: string;
            timeUnixNano: string;
            service: string;
            eventName: string;
            /**
             * The attributes of the record
             */
            metadata: {
                [key: string]: unknown;
            };
            resource: {
                [key: string]: unknown;
            };
            scope: {
                name: string;
                version: string;
                attributes: {
                    [key: string]: unknown;
                };
            };
            /**
             * `exception.stacktrace` after source maps, where one fits
             */
            mappedStack?: {
                /**
                 * The stack with the positions of the sources
                 */
                text: string;
                /**
                 * Innermost first
                 */
                frames: Array<{
                    /**
                     * Empty when unknown
                     */
                    function: string;
                    /**
                     * Of the source when `mapped`, else as it was sent
                     */
                    file: string;
                    /**
                     * From 1
                     */
                    line: number;
                    /**
                     * From 1
                     */
                    column: number;
                    mapped: boolean;
                    /**
                     * The line of the source; empty when the source map has no sources
                     */
                    code: string;
                }>;
            };
            /**
             * spanId is empty when none was sent
             */
            trace: {
                traceId: string;
                spanId: string;
            } | null;
        }>;
        nextCursor: string | null;
    } | {
        resourceLogs: Array<unknown>;
    };
};

export type SearchLogsResponse = SearchLogsResponses[keyof SearchLogsResponses];

export type CountLogsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * A set: error,fatal
         */
        level?: Array<'unset' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;
        /**
         * This level and those above it
         */
        minLevel?: 'unset' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
        service?: string;
        /**
         * Text that the body contains, in any case
         */
        search?: string;
        traceId?: string;
        spanId?: string;
        /**
         * A filter, such as service.name = 'video' AND http.response.status_code >= 500. KEY is an attribute of the item; resource.KEY, scope.KEY, event.KEY, link.KEY and any.KEY say where; event{…} and link{…} are of one and the same; a.b reaches into a map, CONTAINS into an array. A missing field fulfils no condition; NOT (…) holds where what it denies does not
         */
        filter?: string;
        /**
         * Start of the range, included
         */
        from?: string;
        /**
         * End of the range, not included
         */
        to?: string;
        /**
         * Seconds; by default for about 60 buckets
         */
        interval?: number;
    };
    url: '/api/v1/monitoring/logs/histogram';
};

export type CountLogsErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type CountLogsError = CountLogsErrors[keyof CountLogsErrors];

export type CountLogsResponses = {
    /**
     * Default Response
     */
    200: {
        from: string;
        to: string;
        intervalSeconds: number;
        total: number;
        /**
         * Levels that occur, lowest first; every series has every bucket
         */
        series: Array<{
            level: 'unset' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
            total: number;
            points: Array<[
                number,
                number | null
            ]>;
        }>;
    };
};

export type CountLogsResponse = CountLogsResponses[keyof CountLogsResponses];

export type ListLogFacetsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * A set: error,fatal
         */
        level?: Array<'unset' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;
        /**
         * This level and those above it
         */
        minLevel?: 'unset' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
        service?: string;
        /**
         * Text that the body contains, in any case
         */
        search?: string;
        traceId?: string;
        spanId?: string;
        /**
         * A filter, such as service.name = 'video' AND http.response.status_code >= 500. KEY is an attribute of the item; resource.KEY, scope.KEY, event.KEY, link.KEY and any.KEY say where; event{…} and link{…} are of one and the same; a.b reaches into a map, CONTAINS into an array. A missing field fulfils no condition; NOT (…) holds where what it denies does not
         */
        filter?: string;
        /**
         * Start of the range, included
         */
        from?: string;
        /**
         * End of the range, not included
         */
        to?: string;
    };
    url: '/api/v1/monitoring/logs/facets';
};

export type ListLogFacetsErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type ListLogFacetsError = ListLogFacetsErrors[keyof ListLogFacetsErrors];

export type ListLogFacetsResponses = {
    /**
     * Default Response
     */
    200: {
        /**
         * Records that were looked at: the newest that the search finds, 10,000 at most
         */
        sampled: number;
        /**
         * service.name, level, and the 50 attributes that most records have
         */
        facets: Array<{
            /**
             * As a filter has it
             */
            field: string;
            /**
             * Of those looked at, how many have it
             */
            records: number;
            /**
             * The ten commonest
             */
            values: Array<{
                value: string;
                count: number;
            }>;
        }>;
    };
};

export type ListLogFacetsResponse = ListLogFacetsResponses[keyof ListLogFacetsResponses];

export type ListLogPatternsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * A set: error,fatal
         */
        level?: Array<'unset' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;
        /**
         * This level and those above it
         */
        minLevel?: 'unset' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
        service?: string;
        /**
         * Text that the body contains, in any case
         */
        search?: string;
        traceId?: string;
        spanId?: string;
        /**
         * A filter, such as service.name = 'video' AND http.response.status_code >= 500. KEY is an attribute of the item; resource.KEY, scope.KEY, event.KEY, link.KEY and any.KEY say where; event{…} and link{…} are of one and the same; a.b reaches into a map, CONTAINS into an array. A missing field fulfils no condition; NOT (…) holds where what it denies does not
         */
        filter?: string;
        /**
         * Start of the range, included
         */
        from?: string;
        /**
         * End of the range, not included
         */
        to?: string;
        limit?: number;
    };
    url: '/api/v1/monitoring/logs/patterns';
};

export type ListLogPatternsErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type ListLogPatternsError = ListLogPatternsErrors[keyof ListLogPatternsErrors];

export type ListLogPatternsResponses = {
    /**
     * Default Response
     */
    200: {
        /**
         * Records that were looked at: the newest that the search finds, 100,000 at most
         */
        sampled: number;
        /**
         * Commonest first; `level` is the highest that occurs
         */
        patterns: Array<{
            /**
             * The body with every word that has a digit as *
             */
            pattern: string;
            count: number;
            level: 'unset' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
            services: Array<string>;
            firstSeen: string;
            lastSeen: string;
            sample: string;
        }>;
    };
};

export type ListLogPatternsResponse = ListLogPatternsResponses[keyof ListLogPatternsResponses];

export type GetLogContextData = {
    body?: never;
    path?: never;
    query: {
        id: string;
        time: string;
        service: string;
        before?: number;
        after?: number;
    };
    url: '/api/v1/monitoring/logs/context';
};

export type GetLogContextErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type GetLogContextError = GetLogContextErrors[keyof GetLogContextErrors];

export type GetLogContextResponses = {
    /**
     * Default Response
     */
    200: {
        /**
         * Oldest first
         */
        before: Array<{
            /**
             * Decimal; unique within a time
             */
            id: string;
            level: 'unset' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
            severityNumber: number;
            severityText: string;
            /**
             * The body; what is not a string as JSON
             */
            message: string;
            timestamp: string;
            timeUnixNano: string;
            service: string;
            eventName: string;
            /**
             * The attributes of the record
             */
            metadata: {
                [key: string]: unknown;
            };
            resource: {
                [key: string]: unknown;
            };
            scope: {
                name: string;
                version: string;
                attributes: {
                    [key: string]: unknown;
                };
            };
            /**
             * `exception.stacktrace` after source maps, where one fits
             */
            mappedStack?: {
                /**
                 * The stack with the positions of the sources
                 */
                text: string;
                /**
                 * Innermost first
                 */
                frames: Array<{
                    /**
                     * Empty when unknown
                     */
                    function: string;
                    /**
                     * Of the source when `mapped`, else as it was sent
                     */
                    file: string;
                    /**
                     * From 1
                     */
                    line: number;
                    /**
                     * From 1
                     */
                    column: number;
                    mapped: boolean;
                    /**
                     * The line of the source; empty when the source map has no sources
                     */
                    code: string;
                }>;
            };
            /**
             * spanId is empty when none was sent
             */
            trace: {
                traceId: string;
                spanId: string;
            } | null;
        }>;
        record: {
            /**
             * Decimal; unique within a time
             */
            id: string;
            level: 'unset' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
            severityNumber: number;
            severityText: string;
            /**
             * The body; what is not a string as JSON
             */
            message: string;
            timestamp: string;
            timeUnixNano: string;
            service: string;
            eventName: string;
            /**
             * The attributes of the record
             */
            metadata: {
                [key: string]: unknown;
            };
            resource: {
                [key: string]: unknown;
            };
            scope: {
                name: string;
                version: string;
                attributes: {
                    [key: string]: unknown;
                };
            };
            /**
             * `exception.stacktrace` after source maps, where one fits
             */
            mappedStack?: {
                /**
                 * The stack with the positions of the sources
                 */
                text: string;
                /**
                 * Innermost first
                 */
                frames: Array<{
                    /**
                     * Empty when unknown
                     */
                    function: string;
                    /**
                     * Of the source when `mapped`, else as it was sent
                     */
                    file: string;
                    /**
                     * From 1
                     */
                    line: number;
                    /**
                     * From 1
                     */
                    column: number;
                    mapped: boolean;
                    /**
                     * The line of the source; empty when the source map has no sources
                     */
                    code: string;
                }>;
            };
            /**
             * spanId is empty when none was sent
             */
            trace: {
                traceId: string;
                spanId: string;
            } | null;
        };
        /**
         * Oldest first
         */
        after: Array<{
            /**
             * Decimal; unique within a time
             */
            id: string;
            level: 'unset' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
            severityNumber: number;
            severityText: string;
            /**
             * The body; what is not a string as JSON
             */
            message: string;
            timestamp: string;
            timeUnixNano: string;
            service: string;
            eventName: string;
            /**
             * The attributes of the record
             */
            metadata: {
                [key: string]: unknown;
            };
            resource: {
                [key: string]: unknown;
            };
            scope: {
                name: string;
                version: string;
                attributes: {
                    [key: string]: unknown;
                };
            };
            /**
             * `exception.stacktrace` after source maps, where one fits
             */
            mappedStack?: {
                /**
                 * The stack with the positions of the sources
                 */
                text: string;
                /**
                 * Innermost first
                 */
                frames: Array<{
                    /**
                     * Empty when unknown
                     */
                    function: string;
                    /**
                     * Of the source when `mapped`, else as it was sent
                     */
                    file: string;
                    /**
                     * From 1
                     */
                    line: number;
                    /**
                     * From 1
                     */
                    column: number;
                    mapped: boolean;
                    /**
                     * The line of the source; empty when the source map has no sources
                     */
                    code: string;
                }>;
            };
            /**
             * spanId is empty when none was sent
             */
            trace: {
                traceId: string;
                spanId: string;
            } | null;
        }>;
    };
};

export type GetLogContextResponse = GetLogContextResponses[keyof GetLogContextResponses];

export type TailLogsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * A set: error,fatal
         */
        level?: Array<'unset' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;
        /**
         * This level and those above it
         */
        minLevel?: 'unset' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
        service?: string;
        /**
         * Text that the body contains, in any case
         */
        search?: string;
        traceId?: string;
        spanId?: string;
        /**
         * A filter, such as service.name = 'video' AND http.response.status_code >= 500. KEY is an attribute of the item; resource.KEY, scope.KEY, event.KEY, link.KEY and any.KEY say where; event{…} and link{…} are of one and the same; a.b reaches into a map, CONTAINS into an array. A missing field fulfils no condition; NOT (…) holds where what it denies does not
         */
        filter?: string;
    };
    url: '/api/v1/monitoring/logs/tail';
};

export type TailLogsErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type TailLogsError = TailLogsErrors[keyof TailLogsErrors];

export type TailLogsResponses = {
    /**
     * The data of each event
     */
    200: {
        /**
         * Decimal; unique within a time
         */
        id: string;
        level: 'unset' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
        severityNumber: number;
        severityText: string;
        /**
         * The body; what is not a string as JSON
         */
        message: string;
        timestamp: string;
        timeUnixNano: string;
        service: string;
        eventName: string;
        /**
         * The attributes of the record
         */
        metadata: {
            [key: string]: unknown;
        };
        resource: {
            [key: string]: unknown;
        };
        scope: {
            name: string;
            version: string;
            attributes: {
                [key: string]: unknown;
            };
        };
        /**
         * `exception.stacktrace` after source maps, where one fits
         */
        mappedStack?: {
            /**
             * The stack with the positions of the sources
             */
            text: string;
            /**
             * Innermost first
             */
            frames: Array<{
                /**
                 * Empty when unknown
                 */
                function: string;
                /**
                 * Of the source when `mapped`, else as it was sent
                 */
                file: string;
                /**
                 * From 1
                 */
                line: number;
                /**
                 * From 1
                 */
                column: number;
                mapped: boolean;
                /**
                 * The line of the source; empty when the source map has no sources
                 */
                code: string;
            }>;
        };
        /**
         * spanId is empty when none was sent
         */
        trace: {
            traceId: string;
            spanId: string;
        } | null;
    } | {
        records: number;
    };
};

export type TailLogsResponse = TailLogsResponses[keyof TailLogsResponses];

export type GetMetricsData = {
    body?: never;
    path?: never;
    query?: {
        category?: 'system' | 'application';
        host?: string;
        service?: string;
        name?: string;
        /**
         * By default: gauge avg, monotonic sum rate, other sum last, histograms and summaries p95
         */
        aggregation?: string;
        /**
         * Attribute keys: http.route,resource.host.name
         */
        groupBy?: Array<string>;
        /**
         * key:value, repeatable; all must hold
         */
        tags?: Array<string>;
        /**
         * A filter, such as service.name = 'video' AND http.response.status_code >= 500. KEY is an attribute of the item; resource.KEY, scope.KEY, event.KEY, link.KEY and any.KEY say where; event{…} and link{…} are of one and the same; a.b reaches into a map, CONTAINS into an array. A missing field fulfils no condition; NOT (…) holds where what it denies does not
         */
        filter?: string;
        /**
         * Which, when the name is several: by default that with most series in the range
         */
        kind?: 'counter' | 'histogram' | 'gauge' | 'up_down_counter' | 'summary' | 'sum' | 'exponential_histogram';
        /**
         * What values are converted to (ms, s, By, MiBy, %, …); which, when the units of the name cannot be converted
         */
        unit?: string;
        /**
         * Start of the range, included
         */
        from?: string;
        /**
         * End of the range, not included
         */
        to?: string;
        /**
         * Seconds between points; by default for about 200 points
         */
        interval?: number;
        /**
         * Items (newest first) or series (largest first); 1000 items or 100 series by default
         */
        limit?: number;
        format?: 'json' | 'otlp';
    };
    url: '/api/v1/monitoring/metrics';
};

export type GetMetricsErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type GetMetricsError = GetMetricsErrors[keyof GetMetricsErrors];

export type GetMetricsResponses = {
    /**
     * Default Response
     */
    200: {
        name: string;
        /**
         * null: no metric of this name has arrived
         */
        type: 'gauge' | 'sum' | 'histogram' | 'exponential_histogram' | 'summary' | null;
        kind: 'counter' | 'histogram' | 'gauge' | 'up_down_counter' | 'summary' | null;
        /**
         * Of the values (UCUM); rate is per second of it
         */
        unit: string;
        /**
         * All that the name is, in the range when it is several
         */
        kinds: Array<{
            kind: 'counter' | 'histogram' | 'gauge' | 'up_down_counter' | 'summary';
            types: Array<'gauge' | 'sum' | 'histogram' | 'exponential_histogram' | 'summary'>;
            /**
             * As sent (UCUM); they can be converted to each other
             */
            units: Array<string>;
            temporalities: Array<'none' | 'delta' | 'cumulative'>;
            seriesCount: number;
            /**
             * Whether this is what the answer is about
             */
            chosen: boolean;
        }>;
        /**
         * What of the name is left out, and what was converted
         */
        warnings: Array<{
            /**
             * The parameter or field at fault
             */
            path: string;
            message: string;
            /**
             * Where in the text of a filter, formula or SQL it is, from 1
             */
            column?: number;
            /**
             * What may have been meant
             */
            hint?: string;
        }>;
        aggregation: string;
        intervalSeconds: number;
        series: Array<{
            /**
             * The groupBy keys and their values
             */
            tags: {
                [key: string]: string;
            };
            /**
             * Intervals in which nothing arrived are left out
             */
            points: Array<[
                number,
                number | null
            ]>;
        }>;
        /**
         * There are more series than limit
         */
        truncated: boolean;
        /**
         * Epoch ms; of rates and increases: buckets that end later may still change, since the next point of a series is due. null: none is
         */
        completeUntil: number | null;
    } | {
        items: Array<{
            timestamp: string;
            host: string;
            cpu: {
                /**
                 * 0 to 100
                 */
                usage: number | null;
                /**
                 * 1, 5 and 15 minutes; empty when not sent
                 */
                loadAverage: Array<number>;
                cores: number | null;
            };
            memory: {
                total: number | null;
                used: number | null;
                free: number | null;
                /**
                 * 0 to 100
                 */
                percentage: number | null;
            };
            disk: Array<{
                mount: string;
                total: number | null;
                used: number | null;
                available: number | null;
                /**
                 * 0 to 100
                 */
                percentage: number | null;
            }>;
            /**
             * Bytes since the item before, over all interfaces but loopback
             */
            network: {
                bytesReceived: number | null;
                bytesSent: number | null;
            };
            process: {
                /**
                 * Of all cores; as the others here, of the process with most that reports from the host
                 */
                cpu: number | null;
                /**
                 * Resident
                 */
                memory: number | null;
                /**
                 * Seconds
                 */
                uptime: number | null;
                /**
                 * ms
                 */
                eventLoopDelay: number | null;
            };
        }>;
        nextCursor: string | null;
        intervalSeconds: number;
    } | {
        items: Array<{
            timestamp: string;
            requests: {
                total: number;
                /**
                 * Per second
                 */
                rate: number;
                byEndpoint: {
                    [key: string]: number;
                };
                byMethod: {
                    [key: string]: number;
                };
                /**
                 * HTTP status code -> count
                 */
                byStatus: {
                    [key: string]: number;
                };
            };
            /**
             * ms
             */
            response: {
                average: number | null;
                median: number | null;
                p95: number | null;
                p99: number | null;
            };
            errors: {
                total: number;
                /**
                 * 0 to 1
                 */
                rate: number;
                /**
                 * error.type or exception.type -> count
                 */
                byType: {
                    [key: string]: number;
                };
            };
            /**
             * Different values of user.id
             */
            activeUsers: number;
            /**
             * Different values of session.id
             */
            activeSessions: number;
        }>;
        nextCursor: string | null;
        intervalSeconds: number;
        /**
         * false while telemetry that arrived late is still to be counted: calls and active users may be missing, or be too few
         */
        complete: boolean;
        /**
         * When what is missing is expected to be counted; null when nothing is, or when it is too old to be counted
         */
        completeAt: string | null;
    } | {
        resourceMetrics: Array<unknown>;
    };
};

export type GetMetricsResponse = GetMetricsResponses[keyof GetMetricsResponses];

export type ListMetricNamesData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Start of the range, included
         */
        from?: string;
        /**
         * End of the range, not included
         */
        to?: string;
        /**
         * A part of the name, in any case
         */
        search?: string;
        service?: string;
        limit?: number;
        /**
         * nextCursor of the answer before
         */
        cursor?: string;
    };
    url: '/api/v1/monitoring/metrics/names';
};

export type ListMetricNamesErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type ListMetricNamesError = ListMetricNamesErrors[keyof ListMetricNamesErrors];

export type ListMetricNamesResponses = {
    /**
     * Default Response
     */
    200: {
        items: Array<{
            name: string;
            type: 'gauge' | 'sum' | 'histogram' | 'exponential_histogram' | 'summary';
            kind: 'counter' | 'histogram' | 'gauge' | 'up_down_counter' | 'summary';
            temporality: 'none' | 'delta' | 'cumulative';
            monotonic: boolean;
            unit: string;
            description: string;
            services: Array<string>;
            seriesCount: number;
        }>;
        nextCursor: string | null;
    };
};

export type ListMetricNamesResponse = ListMetricNamesResponses[keyof ListMetricNamesResponses];

export type ListExemplarsData = {
    body?: never;
    path?: never;
    query: {
        name: string;
        service?: string;
        /**
         * key:value, repeatable; all must hold
         */
        tags?: Array<string>;
        /**
         * A filter, such as service.name = 'video' AND http.response.status_code >= 500. KEY is an attribute of the item; resource.KEY, scope.KEY, event.KEY, link.KEY and any.KEY say where; event{…} and link{…} are of one and the same; a.b reaches into a map, CONTAINS into an array. A missing field fulfils no condition; NOT (…) holds where what it denies does not
         */
        filter?: string;
        /**
         * Which, when the name is several: by default that with most series in the range
         */
        kind?: 'counter' | 'histogram' | 'gauge' | 'up_down_counter' | 'summary' | 'sum' | 'exponential_histogram';
        /**
         * What values are converted to (ms, s, By, MiBy, %, …); which, when the units of the name cannot be converted
         */
        unit?: string;
        minValue?: number;
        maxValue?: number;
        /**
         * Start of the range, included
         */
        from?: string;
        /**
         * End of the range, not included
         */
        to?: string;
        limit?: number;
    };
    url: '/api/v1/monitoring/metrics/exemplars';
};

export type ListExemplarsErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type ListExemplarsError = ListExemplarsErrors[keyof ListExemplarsErrors];

export type ListExemplarsResponses = {
    /**
     * Default Response
     */
    200: {
        items: Array<{
            timestamp: string;
            value: number;
            service: string;
            traceId: string | null;
            spanId: string | null;
            /**
             * Those that the metric itself leaves out
             */
            attributes: {
                [key: string]: unknown;
            };
        }>;
        /**
         * Of the values (UCUM)
         */
        unit: string;
    };
};

export type ListExemplarsResponse = ListExemplarsResponses[keyof ListExemplarsResponses];

export type QueryData = {
    body: {
        /**
         * Start of the range, included
         */
        from?: string;
        /**
         * End of the range, not included
         */
        to?: string;
        /**
         * Seconds between points; by default for about 200 points
         */
        step?: number;
        /**
         * Of every query that does not say its own
         */
        kind?: 'time_series' | 'scalar' | 'table' | 'distribution' | 'raw';
        queries: {
            [key: string]: {
                signal: 'spans' | 'logs' | 'metrics';
                /**
                 * That of the body, or time_series, when not given
                 */
                kind?: 'time_series' | 'scalar' | 'table' | 'distribution' | 'raw';
                /**
                 * The filter language; everything when not given
                 */
                filter?: string;
                /**
                 * Of metrics: the name; avg(NAME) and a filter with name = NAME say it too
                 */
                metric?: string;
                /**
                 * Of metrics: which, when the name is several; by default that with most series in the range
                 */
                metricKind?: 'counter' | 'histogram' | 'gauge' | 'up_down_counter' | 'summary' | 'sum' | 'exponential_histogram';
                /**
                 * Of metrics: what values are converted to; which, when the units of the name cannot be converted
                 */
                unit?: string;
                /**
                 * count, rate, error_rate, sum(FIELD), avg(FIELD), min(FIELD), max(FIELD), uniq(FIELD), p50(FIELD) … p99.9(FIELD); of metrics also last and increase. Only a table takes several. By default count; of a metric what suits it
                 */
                aggregate?: string | Array<string>;
                /**
                 * Of a distribution: duration, or a number attribute
                 */
                field?: string;
                /**
                 * Fields and attributes; resource.KEY for those of the sender. event.KEY and link.KEY count a span in the group of each of its events or links
                 */
                groupBy?: Array<string>;
                /**
                 * Groups (100 when not given), or rows of raw (50)
                 */
                limit?: number;
                /**
                 * value, or a key of groupBy; with asc or desc. By default value desc: which groups are kept, and their order
                 */
                orderBy?: string;
                /**
                 * Whether what is beyond limit is put together as one more series
                 */
                other?: boolean;
                /**
                 * Of raw: the columns
                 */
                fields?: Array<string>;
                /**
                 * Of raw: nextCursor of the answer before
                 */
                cursor?: string;
                /**
                 * The same question a while earlier: 1d, 1w, or previous (as long as the range is)
                 */
                compare?: string;
            };
        };
        /**
         * Arithmetic over queries by their names: a / b * 100; + - * / abs ceil floor round sqrt min max coalesce
         */
        formulas?: {
            [key: string]: string;
        };
        /**
         * For every query that does not say its own
         */
        compare?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/monitoring/query';
};

export type QueryErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type QueryError = QueryErrors[keyof QueryErrors];

export type QueryResponses = {
    /**
     * Default Response
     */
    200: {
        results: {
            [key: string]: {
                kind: 'time_series' | 'scalar' | 'table' | 'distribution' | 'raw';
                columns: Array<{
                    name: string;
                    type: 'time' | 'string' | 'number' | 'object' | 'any';
                    role: 'time' | 'label' | 'value';
                    /**
                     * ms; 1/s; 1 (a share, 0 to 1); of a metric as it was sent (UCUM)
                     */
                    unit?: string;
                    /**
                     * A percentile within 4.4 % from a rollup, or an estimate (uniq, percentiles) over very many rows
                     */
                    approximate?: true;
                }>;
                /**
                 * Of time_series, scalar and distribution; in the order asked for
                 */
                series?: Array<{
                    /**
                     * The keys of groupBy; the empty string where there is none
                     */
                    labels: {
                        [key: string]: string;
                    };
                    /**
                     * All groups beyond limit together; every label says other
                     */
                    other?: true;
                    /**
                     * Of a distribution: values above this (the edge itself included, but for metrics)
                     */
                    low?: number;
                    /**
                     * Of a distribution: … up to this one
                     */
                    high?: number;
                    /**
                     * Of a scalar: the value; also in its only point
                     */
                    value?: number | null;
                    /**
                     * [epoch ms of the start of the bucket, value]; a scalar has one, at the start of the range
                     */
                    points: Array<[
                        number,
                        number | null
                    ]>;
                }>;
                /**
                 * Of a table and of raw: values in the order of the columns
                 */
                rows?: Array<Array<unknown>>;
                /**
                 * There are more groups than limit
                 */
                truncated: boolean;
                /**
                 * Epoch ms; of rates and increases of metrics: buckets that end later may still change, since the next point of a series is due
                 */
                completeUntil?: number;
                nextCursor?: string | null;
                /**
                 * Of metrics: all that the name is
                 */
                metricKinds?: Array<{
                    kind: 'counter' | 'histogram' | 'gauge' | 'up_down_counter' | 'summary';
                    types: Array<'gauge' | 'sum' | 'histogram' | 'exponential_histogram' | 'summary'>;
                    /**
                     * As sent (UCUM); they can be converted to each other
                     */
                    units: Array<string>;
                    temporalities: Array<'none' | 'delta' | 'cumulative'>;
                    seriesCount: number;
                    /**
                     * Whether this is what the answer is about
                     */
                    chosen: boolean;
                }>;
                compare?: {
                    from: string;
                    to: string;
                    /**
                     * How much earlier; whole steps
                     */
                    offsetSeconds: number;
                    /**
                     * With the times of the range itself, to be laid over it
                     */
                    series?: Array<{
                        /**
                         * The keys of groupBy; the empty string where there is none
                         */
                        labels: {
                            [key: string]: string;
                        };
                        /**
                         * All groups beyond limit together; every label says other
                         */
                        other?: true;
                        /**
                         * Of a distribution: values above this (the edge itself included, but for metrics)
                         */
                        low?: number;
                        /**
                         * Of a distribution: … up to this one
                         */
                        high?: number;
                        /**
                         * Of a scalar: the value; also in its only point
                         */
                        value?: number | null;
                        /**
                         * [epoch ms of the start of the bucket, value]; a scalar has one, at the start of the range
                         */
                        points: Array<[
                            number,
                            number | null
                        ]>;
                    }>;
                    /**
                     * Of a table and of raw: values in the order of the columns
                     */
                    rows?: Array<Array<unknown>>;
                };
            };
        };
        meta: {
            rowsRead: number;
            bytesRead: number;
            durationMs: number;
            /**
             * Tables that answered, such as red_service_1m, or spans
             */
            source: string;
            /**
             * The same for each query
             */
            sources: {
                [key: string]: string;
            };
            /**
             * Whether a part, all of it of closed times, was known from before
             */
            cached: boolean;
            from: string;
            to: string;
            stepSeconds: number;
            /**
             * Of queries that found nothing: fields that may be misspelt, with their column and what may have been meant. Of metrics: what of a name is left out, and what was converted
             */
            warnings: Array<{
                /**
                 * The parameter or field at fault
                 */
                path: string;
                message: string;
                /**
                 * Where in the text of a filter, formula or SQL it is, from 1
                 */
                column?: number;
                /**
                 * What may have been meant
                 */
                hint?: string;
            }>;
        };
    };
};

export type QueryResponse = QueryResponses[keyof QueryResponses];

export type ExplainQueryData = {
    body: {
        /**
         * Start of the range, included
         */
        from?: string;
        /**
         * End of the range, not included
         */
        to?: string;
        /**
         * Seconds between points; by default for about 200 points
         */
        step?: number;
        /**
         * Of every query that does not say its own
         */
        kind?: 'time_series' | 'scalar' | 'table' | 'distribution' | 'raw';
        queries: {
            [key: string]: {
                signal: 'spans' | 'logs' | 'metrics';
                /**
                 * That of the body, or time_series, when not given
                 */
                kind?: 'time_series' | 'scalar' | 'table' | 'distribution' | 'raw';
                /**
                 * The filter language; everything when not given
                 */
                filter?: string;
                /**
                 * Of metrics: the name; avg(NAME) and a filter with name = NAME say it too
                 */
                metric?: string;
                /**
                 * Of metrics: which, when the name is several; by default that with most series in the range
                 */
                metricKind?: 'counter' | 'histogram' | 'gauge' | 'up_down_counter' | 'summary' | 'sum' | 'exponential_histogram';
                /**
                 * Of metrics: what values are converted to; which, when the units of the name cannot be converted
                 */
                unit?: string;
                /**
                 * count, rate, error_rate, sum(FIELD), avg(FIELD), min(FIELD), max(FIELD), uniq(FIELD), p50(FIELD) … p99.9(FIELD); of metrics also last and increase. Only a table takes several. By default count; of a metric what suits it
                 */
                aggregate?: string | Array<string>;
                /**
                 * Of a distribution: duration, or a number attribute
                 */
                field?: string;
                /**
                 * Fields and attributes; resource.KEY for those of the sender. event.KEY and link.KEY count a span in the group of each of its events or links
                 */
                groupBy?: Array<string>;
                /**
                 * Groups (100 when not given), or rows of raw (50)
                 */
                limit?: number;
                /**
                 * value, or a key of groupBy; with asc or desc. By default value desc: which groups are kept, and their order
                 */
                orderBy?: string;
                /**
                 * Whether what is beyond limit is put together as one more series
                 */
                other?: boolean;
                /**
                 * Of raw: the columns
                 */
                fields?: Array<string>;
                /**
                 * Of raw: nextCursor of the answer before
                 */
                cursor?: string;
                /**
                 * The same question a while earlier: 1d, 1w, or previous (as long as the range is)
                 */
                compare?: string;
            };
        };
        /**
         * Arithmetic over queries by their names: a / b * 100; + - * / abs ceil floor round sqrt min max coalesce
         */
        formulas?: {
            [key: string]: string;
        };
        /**
         * For every query that does not say its own
         */
        compare?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/monitoring/query/explain';
};

export type ExplainQueryErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type ExplainQueryError = ExplainQueryErrors[keyof ExplainQueryErrors];

export type ExplainQueryResponses = {
    /**
     * Default Response
     */
    200: {
        queries: {
            [key: string]: Array<{
                sql: string;
                parameters: {
                    [key: string]: unknown;
                };
                rowsRead: number;
                bytesRead: number;
                durationMs: number;
                reads: Array<{
                    table: string;
                    /**
                     * Read; null when the engine does not say
                     */
                    parts: number | null;
                    partsTotal: number | null;
                    /**
                     * Of 8192 rows
                     */
                    granules: number | null;
                    granulesTotal: number | null;
                    indexes: Array<{
                        type: string;
                        name?: string;
                        condition?: string;
                        parts: number | null;
                        granules: number | null;
                    }>;
                }>;
            }>;
        };
        meta: {
            rowsRead: number;
            bytesRead: number;
            durationMs: number;
            /**
             * Tables that answered, such as red_service_1m, or spans
             */
            source: string;
            /**
             * The same for each query
             */
            sources: {
                [key: string]: string;
            };
            /**
             * Whether a part, all of it of closed times, was known from before
             */
            cached: boolean;
            from: string;
            to: string;
            stepSeconds: number;
            /**
             * Of queries that found nothing: fields that may be misspelt, with their column and what may have been meant. Of metrics: what of a name is left out, and what was converted
             */
            warnings: Array<{
                /**
                 * The parameter or field at fault
                 */
                path: string;
                message: string;
                /**
                 * Where in the text of a filter, formula or SQL it is, from 1
                 */
                column?: number;
                /**
                 * What may have been meant
                 */
                hint?: string;
            }>;
        };
    };
};

export type ExplainQueryResponse = ExplainQueryResponses[keyof ExplainQueryResponses];

export type ListAnnotationsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Start of the range, included
         */
        from?: string;
        /**
         * End of the range, not included
         */
        to?: string;
        service?: string;
        environment?: string;
        limit?: number;
        /**
         * nextCursor of the answer before
         */
        cursor?: string;
    };
    url: '/api/v1/monitoring/annotations';
};

export type ListAnnotationsErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type ListAnnotationsError = ListAnnotationsErrors[keyof ListAnnotationsErrors];

export type ListAnnotationsResponses = {
    /**
     * Default Response
     */
    200: {
        items: Array<{
            /**
             * null for what was seen, not recorded
             */
            id: string | null;
            kind: 'deployment';
            service: string;
            version: string;
            /**
             * Empty when unknown
             */
            environment: string;
            time: string;
            commit: string | null;
            url: string | null;
            /**
             * recorded: by POST; seen: telemetry with a new `service.version` of a known service came in
             */
            source: 'recorded' | 'seen';
        }>;
        nextCursor: string | null;
    };
};

export type ListAnnotationsResponse = ListAnnotationsResponses[keyof ListAnnotationsResponses];

export type RecordAnnotationData = {
    body: {
        kind?: 'deployment';
        service: string;
        /**
         * The `service.version` that its telemetry carries
         */
        version: string;
        /**
         * `production`, `staging`; empty when there is only one
         */
        environment?: string;
        time?: string | number;
        commit?: string;
        /**
         * Where a person reads more: the release, the pipeline
         */
        url?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/monitoring/annotations';
};

export type RecordAnnotationErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type RecordAnnotationError = RecordAnnotationErrors[keyof RecordAnnotationErrors];

export type RecordAnnotationResponses = {
    /**
     * Default Response
     */
    201: {
        /**
         * null for what was seen, not recorded
         */
        id: string | null;
        kind: 'deployment';
        service: string;
        version: string;
        /**
         * Empty when unknown
         */
        environment: string;
        time: string;
        commit: string | null;
        url: string | null;
        /**
         * recorded: by POST; seen: telemetry with a new `service.version` of a known service came in
         */
        source: 'recorded' | 'seen';
    };
};

export type RecordAnnotationResponse = RecordAnnotationResponses[keyof RecordAnnotationResponses];

export type DeleteAnnotationData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/monitoring/annotations/{id}';
};

export type DeleteAnnotationErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type DeleteAnnotationError = DeleteAnnotationErrors[keyof DeleteAnnotationErrors];

export type DeleteAnnotationResponses = {
    /**
     * It is gone
     */
    204: void;
};

export type DeleteAnnotationResponse = DeleteAnnotationResponses[keyof DeleteAnnotationResponses];

export type DeleteSourceMapsData = {
    body?: never;
    path?: never;
    query: {
        service: string;
        version: string;
    };
    url: '/api/v1/monitoring/source-maps';
};

export type DeleteSourceMapsErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type DeleteSourceMapsError = DeleteSourceMapsErrors[keyof DeleteSourceMapsErrors];

export type DeleteSourceMapsResponses = {
    /**
     * Default Response
     */
    200: {
        deleted: number;
    };
};

export type DeleteSourceMapsResponse = DeleteSourceMapsResponses[keyof DeleteSourceMapsResponses];

export type ListSourceMapsData = {
    body?: never;
    path?: never;
    query?: {
        service?: string;
        version?: string;
    };
    url: '/api/v1/monitoring/source-maps';
};

export type ListSourceMapsErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type ListSourceMapsError = ListSourceMapsErrors[keyof ListSourceMapsErrors];

export type ListSourceMapsResponses = {
    /**
     * Default Response
     */
    200: {
        /**
         * 1000 at most
         */
        items: Array<{
            service: string;
            version: string;
            file: string;
            /**
             * As it is stored: compressed
             */
            bytes: number;
            uploadedAt: string;
        }>;
    };
};

export type ListSourceMapsResponse = ListSourceMapsResponses[keyof ListSourceMapsResponses];

export type UploadSourceMapData = {
    body: unknown & {
        version: 3;
        sources?: Array<string | null>;
        sourcesContent?: Array<string | null> | null;
        names?: Array<string>;
        mappings?: string;
        sections?: Array<{
            [key: string]: unknown;
        }>;
        [key: string]: unknown;
    };
    path?: never;
    query: {
        service: string;
        version: string;
        /**
         * Path of the script that was built: `assets/app.js`. Frames whose address ends with it are mapped.
         */
        file: string;
    };
    url: '/api/v1/monitoring/source-maps';
};

export type UploadSourceMapErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type UploadSourceMapError = UploadSourceMapErrors[keyof UploadSourceMapErrors];

export type UploadSourceMapResponses = {
    /**
     * Default Response
     */
    200: {
        service: string;
        version: string;
        file: string;
        /**
         * As it is stored: compressed
         */
        bytes: number;
        uploadedAt: string;
    };
};

export type UploadSourceMapResponse = UploadSourceMapResponses[keyof UploadSourceMapResponses];

export type ListFieldKeysData = {
    body?: never;
    path?: never;
    query: {
        signal: 'spans' | 'logs' | 'metrics';
        /**
         * Only of what this filter finds
         */
        filter?: string;
        /**
         * Of metrics: only of the series of this name
         */
        metric?: string;
        /**
         * A part of the key or value, in any case
         */
        search?: string;
        /**
         * Start of the range, included
         */
        from?: string;
        /**
         * End of the range, not included
         */
        to?: string;
        limit?: number;
    };
    url: '/api/v1/monitoring/fields/keys';
};

export type ListFieldKeysErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type ListFieldKeysError = ListFieldKeysErrors[keyof ListFieldKeysErrors];

export type ListFieldKeysResponses = {
    /**
     * Default Response
     */
    200: {
        items: Array<{
            /**
             * As a filter has it; resource.KEY for what describes the sender
             */
            key: string;
            type: 'string' | 'number' | 'boolean' | 'object';
            source: 'field' | 'attribute' | 'resource';
            /**
             * Rows that have it, weighted by sampling; of metrics, series
             */
            count: number;
        }>;
        /**
         * There are no further pages: raise limit, or search
         */
        nextCursor: null;
        /**
         * What the counts are of
         */
        sampled: {
            /**
             * Whether everything in the range was looked at; otherwise counts are estimates
             */
            complete: boolean;
            /**
             * How many rows were looked at, the newest ones
             */
            rows: number;
            /**
             * The time back to which they reach
             */
            from: string;
        };
    };
};

export type ListFieldKeysResponse = ListFieldKeysResponses[keyof ListFieldKeysResponses];

export type ListFieldValuesData = {
    body?: never;
    path?: never;
    query: {
        signal: 'spans' | 'logs' | 'metrics';
        /**
         * Only of what this filter finds
         */
        filter?: string;
        /**
         * Of metrics: only of the series of this name
         */
        metric?: string;
        /**
         * A part of the key or value, in any case
         */
        search?: string;
        /**
         * Start of the range, included
         */
        from?: string;
        /**
         * End of the range, not included
         */
        to?: string;
        limit?: number;
        key: string;
    };
    url: '/api/v1/monitoring/fields/values';
};

export type ListFieldValuesErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type ListFieldValuesError = ListFieldValuesErrors[keyof ListFieldValuesErrors];

export type ListFieldValuesResponses = {
    /**
     * Default Response
     */
    200: {
        key: string;
        items: Array<{
            /**
             * As text, whatever its type
             */
            value: string;
            count: number;
        }>;
        /**
         * There are no further pages: raise limit, or search
         */
        nextCursor: null;
        /**
         * What the counts are of
         */
        sampled: {
            /**
             * Whether everything in the range was looked at; otherwise counts are estimates
             */
            complete: boolean;
            /**
             * How many rows were looked at, the newest ones
             */
            rows: number;
            /**
             * The time back to which they reach
             */
            from: string;
        };
    };
};

export type ListFieldValuesResponse = ListFieldValuesResponses[keyof ListFieldValuesResponses];

export type RunSqlData = {
    body: {
        /**
         * One SELECT; no SETTINGS, FORMAT or INTO; functions of an allow-list
         */
        query: string;
        /**
         * Rows that are answered at most
         */
        limit?: number;
    };
    path?: never;
    query?: never;
    url: '/api/v1/monitoring/sql';
};

export type RunSqlErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type RunSqlError = RunSqlErrors[keyof RunSqlErrors];

export type RunSqlResponses = {
    /**
     * Default Response
     */
    200: {
        columns: Array<{
            name: string;
            /**
             * Of ClickHouse
             */
            type: string;
        }>;
        /**
         * Integers of 64 bits, NaN and infinities as strings
         */
        rows: Array<Array<unknown>>;
        /**
         * There are more rows than limit
         */
        truncated: boolean;
        meta: {
            rowsRead: number;
            bytesRead: number;
            durationMs: number;
        };
    };
};

export type RunSqlResponse = RunSqlResponses[keyof RunSqlResponses];

export type ListSessionsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/monitoring/sessions';
};

export type ListSessionsErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type ListSessionsError = ListSessionsErrors[keyof ListSessionsErrors];

export type ListSessionsResponses = {
    /**
     * Default Response
     */
    200: {
        items: Array<{
            id: string;
            createdAt: string;
            expiresAt: string;
            /**
             * What the browser called itself
             */
            userAgent: string;
            /**
             * Whether it is the one that asks
             */
            current: boolean;
        }>;
        nextCursor: string | null;
    };
};

export type ListSessionsResponse = ListSessionsResponses[keyof ListSessionsResponses];

export type EndSessionData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/monitoring/sessions/{id}';
};

export type EndSessionErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type EndSessionError = EndSessionErrors[keyof EndSessionErrors];

export type EndSessionResponses = {
    /**
     * It has ended
     */
    204: void;
};

export type EndSessionResponse = EndSessionResponses[keyof EndSessionResponses];

export type CreateSignInLinkData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/monitoring/sign-in-links';
};

export type CreateSignInLinkErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type CreateSignInLinkError = CreateSignInLinkErrors[keyof CreateSignInLinkErrors];

export type CreateSignInLinkResponses = {
    /**
     * Default Response
     */
    201: {
        /**
         * To be opened by one browser within a quarter of an hour
         */
        url: string;
    };
};

export type CreateSignInLinkResponse = CreateSignInLinkResponses[keyof CreateSignInLinkResponses];

export type SendCustomMetricsData = {
    body: {
        name: string;
        /**
         * UCUM, such as ms, By or {upload}
         */
        unit?: string;
        description?: string;
        tags?: {
            [key: string]: string | number | boolean;
        };
        service?: string;
        /**
         * Now unless given
         */
        timestamp?: string | number;
        type: 'counter';
        value: number;
    } | {
        name: string;
        /**
         * UCUM, such as ms, By or {upload}
         */
        unit?: string;
        description?: string;
        tags?: {
            [key: string]: string | number | boolean;
        };
        service?: string;
        /**
         * Now unless given
         */
        timestamp?: string | number;
        type: 'gauge';
        value: number;
    } | {
        name: string;
        /**
         * UCUM, such as ms, By or {upload}
         */
        unit?: string;
        description?: string;
        tags?: {
            [key: string]: string | number | boolean;
        };
        service?: string;
        /**
         * Now unless given
         */
        timestamp?: string | number;
        type: 'histogram';
        value: number | Array<number>;
    } | {
        name: string;
        /**
         * UCUM, such as ms, By or {upload}
         */
        unit?: string;
        description?: string;
        tags?: {
            [key: string]: string | number | boolean;
        };
        service?: string;
        /**
         * Now unless given
         */
        timestamp?: string | number;
        type: 'summary';
        value: number | Array<number>;
    } | Array<{
        name: string;
        /**
         * UCUM, such as ms, By or {upload}
         */
        unit?: string;
        description?: string;
        tags?: {
            [key: string]: string | number | boolean;
        };
        service?: string;
        /**
         * Now unless given
         */
        timestamp?: string | number;
        type: 'counter';
        value: number;
    } | {
        name: string;
        /**
         * UCUM, such as ms, By or {upload}
         */
        unit?: string;
        description?: string;
        tags?: {
            [key: string]: string | number | boolean;
        };
        service?: string;
        /**
         * Now unless given
         */
        timestamp?: string | number;
        type: 'gauge';
        value: number;
    } | {
        name: string;
        /**
         * UCUM, such as ms, By or {upload}
         */
        unit?: string;
        description?: string;
        tags?: {
            [key: string]: string | number | boolean;
        };
        service?: string;
        /**
         * Now unless given
         */
        timestamp?: string | number;
        type: 'histogram';
        value: number | Array<number>;
    } | {
        name: string;
        /**
         * UCUM, such as ms, By or {upload}
         */
        unit?: string;
        description?: string;
        tags?: {
            [key: string]: string | number | boolean;
        };
        service?: string;
        /**
         * Now unless given
         */
        timestamp?: string | number;
        type: 'summary';
        value: number | Array<number>;
    }>;
    path?: never;
    query?: never;
    url: '/api/v1/monitoring/metrics/custom';
};

export type SendCustomMetricsErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type SendCustomMetricsError = SendCustomMetricsErrors[keyof SendCustomMetricsErrors];

export type SendCustomMetricsResponses = {
    /**
     * Default Response
     */
    202: {
        accepted: number;
        rejected: Array<{
            index: number;
            message: string;
        }>;
    };
};

export type SendCustomMetricsResponse = SendCustomMetricsResponses[keyof SendCustomMetricsResponses];

export type CollectMetricsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/monitoring/metrics/collect';
};

export type CollectMetricsErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type CollectMetricsError = CollectMetricsErrors[keyof CollectMetricsErrors];

export type CollectMetricsResponses = {
    /**
     * Default Response
     */
    200: {
        system: {
            timestamp: string;
            host: string;
            cpu: {
                /**
                 * 0 to 100
                 */
                usage: number | null;
                /**
                 * 1, 5 and 15 minutes; empty when not sent
                 */
                loadAverage: Array<number>;
                cores: number | null;
            };
            memory: {
                total: number | null;
                used: number | null;
                free: number | null;
                /**
                 * 0 to 100
                 */
                percentage: number | null;
            };
            disk: Array<{
                mount: string;
                total: number | null;
                used: number | null;
                available: number | null;
                /**
                 * 0 to 100
                 */
                percentage: number | null;
            }>;
            /**
             * Bytes since the item before, over all interfaces but loopback
             */
            network: {
                bytesReceived: number | null;
                bytesSent: number | null;
            };
            process: {
                /**
                 * Of all cores; as the others here, of the process with most that reports from the host
                 */
                cpu: number | null;
                /**
                 * Resident
                 */
                memory: number | null;
                /**
                 * Seconds
                 */
                uptime: number | null;
                /**
                 * ms
                 */
                eventLoopDelay: number | null;
            };
        };
        application: {
            timestamp: string;
            requests: {
                total: number;
                /**
                 * Per second
                 */
                rate: number;
                byEndpoint: {
                    [key: string]: number;
                };
                byMethod: {
                    [key: string]: number;
                };
                /**
                 * HTTP status code -> count
                 */
                byStatus: {
                    [key: string]: number;
                };
            };
            /**
             * ms
             */
            response: {
                average: number | null;
                median: number | null;
                p95: number | null;
                p99: number | null;
            };
            errors: {
                total: number;
                /**
                 * 0 to 1
                 */
                rate: number;
                /**
                 * error.type or exception.type -> count
                 */
                byType: {
                    [key: string]: number;
                };
            };
            /**
             * Different values of user.id
             */
            activeUsers: number;
            /**
             * Different values of session.id
             */
            activeSessions: number;
        };
    };
};

export type CollectMetricsResponse = CollectMetricsResponses[keyof CollectMetricsResponses];

export type GetIngestData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/monitoring/ingest';
};

export type GetIngestErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type GetIngestError = GetIngestErrors[keyof GetIngestErrors];

export type GetIngestResponses = {
    /**
     * Default Response
     */
    200: {
        timestamp: string;
        /**
         * Start of the server, the earliest one of several processes; totals count from here
         */
        since: string;
        /**
         * The one that answers first, then those that reported last
         */
        processes: Array<{
            /**
             * Of its spool; it stays the same when the process starts again
             */
            id: string;
            host: string;
            /**
             * Others store only what they write themselves, and custom metrics
             */
            takesOtlp: boolean;
            /**
             * Its start
             */
            since: string;
            /**
             * 0 for the process that answers
             */
            reportedSecondsAgo: number;
            /**
             * It has not reported for some time; figures above are without it
             */
            stale: boolean;
            /**
             * Why it takes nothing, and when that ends
             */
            refusal: string | null;
            /**
             * On its disk and not in ClickHouse yet
             */
            spoolBytes: number;
            refusedSegments: number;
        }>;
        totals: Array<{
            /**
             * Name of the ingest key; none where no key is asked for
             */
            key: string;
            signal: 'traces' | 'metrics' | 'logs';
            requests: number;
            /**
             * Requests that brought a body again; nothing of them was stored twice
             */
            repeated: number;
            /**
             * Of bodies, as they were sent
             */
            bytes: number;
            /**
             * Spans, log records or data points
             */
            accepted: number;
            /**
             * Items left out; see rejections
             */
            rejected: number;
        }>;
        rejections: Array<{
            signal: 'traces' | 'metrics' | 'logs';
            reason: string;
            count: number;
            /**
             * The first such item
             */
            first: string;
        }>;
        /**
         * Requests of which nothing was taken
         */
        refusals: Array<{
            /**
             * HTTP status
             */
            status: number;
            count: number;
        }>;
        /**
         * The last hour, oldest first
         */
        minutes: Array<{
            /**
             * Start of the minute
             */
            timestamp: string;
            accepted: {
                traces: number;
                metrics: number;
                logs: number;
            };
            rejected: number;
            bytes: number;
        }>;
        spool: {
            accepting: boolean;
            /**
             * Why nothing is taken, and when that ends; null while requests are taken
             */
            refusal: string | null;
            /**
             * On disk and not in ClickHouse yet
             */
            bytes: number;
            /**
             * At so many, nothing more is taken
             */
            capBytes: number;
            segments: number;
            rows: number;
            /**
             * Age of the oldest segment that waits
             */
            oldestSeconds: number | null;
        };
        inserts: {
            /**
             * Since the server started
             */
            segments: number;
            rows: number;
            lastSeconds: number | null;
            /**
             * Of the last 1,000 inserts
             */
            p50Seconds: number | null;
            p99Seconds: number | null;
            /**
             * Of an insert that is still being tried
             */
            lastError: string | null;
        };
        refusedSegments: number;
        storage: {
            /**
             * Of this machine
             */
            disks: Array<{
                holds: Array<'spool' | 'tables'>;
                freeBytes: number;
                totalBytes: number;
                /**
                 * With less free space nothing is taken in
                 */
                minFreeBytes: number;
                /**
                 * With less, the embedded engine inserts and merges nothing
                 */
                engineMinFreeBytes: number;
            }>;
            /**
             * Parts that ClickHouse put aside as damaged; their rows are missing. Null while it cannot be asked
             */
            brokenParts: Array<{
                table: string;
                name: string;
                reason: string;
                bytes: number;
            }> | null;
        };
    };
};

export type GetIngestResponse = GetIngestResponses[keyof GetIngestResponses];

export type ListRefusedSegmentsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/monitoring/ingest/refused';
};

export type ListRefusedSegmentsErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type ListRefusedSegmentsError = ListRefusedSegmentsErrors[keyof ListRefusedSegmentsErrors];

export type ListRefusedSegmentsResponses = {
    /**
     * Default Response
     */
    200: {
        items: Array<{
            /**
             * Of the process that has them, and of the segment in its spool
             */
            id: string;
            table: string;
            rows: number;
            bytes: number;
            refusedAt: string;
            error: string;
        }>;
    };
};

export type ListRefusedSegmentsResponse = ListRefusedSegmentsResponses[keyof ListRefusedSegmentsResponses];

export type RetryRefusedSegmentData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/monitoring/ingest/refused/{id}/retry';
};

export type RetryRefusedSegmentErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type RetryRefusedSegmentError = RetryRefusedSegmentErrors[keyof RetryRefusedSegmentErrors];

export type RetryRefusedSegmentResponses = {
    /**
     * Default Response
     */
    200: {
        id: string;
    };
};

export type RetryRefusedSegmentResponse = RetryRefusedSegmentResponses[keyof RetryRefusedSegmentResponses];

export type DropRefusedSegmentData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/monitoring/ingest/refused/{id}';
};

export type DropRefusedSegmentErrors = {
    /**
     * A problem (RFC 9457); its code says which
     */
    default: Problem;
};

export type DropRefusedSegmentError = DropRefusedSegmentErrors[keyof DropRefusedSegmentErrors];

export type DropRefusedSegmentResponses = {
    /**
     * Default Response
     */
    200: {
        id: string;
    };
};

export type DropRefusedSegmentResponse = DropRefusedSegmentResponses[keyof DropRefusedSegmentResponses];
