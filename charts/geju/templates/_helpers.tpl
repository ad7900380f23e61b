{{- define "geju.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{- define "geju.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "geju.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "geju.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{- define "geju.selector" -}}
app.kubernetes.io/name: {{ include "geju.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "geju.labels" -}}
{{ include "geju.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: geju
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* The services that are on, each with what holds for it: a map as YAML. */}}
{{- define "geju.services" -}}
{{- $found := dict -}}
{{- range $name, $own := .Values.services -}}
{{- $service := mergeOverwrite (deepCopy $.Values.serviceDefaults) (deepCopy $own) -}}
{{- if $service.enabled -}}
{{- if and (eq $service.kind "board") (ne $service.autoscaling.kind "none") -}}
{{- fail (printf "services.%s.autoscaling.kind: one replica of the board leads and does the work; set replicas instead" $name) -}}
{{- end -}}
{{- $_ := set $found $name $service -}}
{{- end -}}
{{- end -}}
{{- toYaml $found -}}
{{- end }}

{{- define "geju.image" -}}
{{- $image := .Values.image -}}
{{- $name := printf "%s%s" (empty .Values.global.imageRegistry | ternary "" (printf "%s/" .Values.global.imageRegistry)) $image.repository -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $name $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $name (default .Chart.AppVersion $image.tag) -}}
{{- end -}}
{{- end }}

{{- define "geju.otherImage" -}}
{{- if .root.Values.global.imageRegistry -}}
{{- printf "%s/%s" .root.Values.global.imageRegistry (regexReplaceAll "^[^/]+\\.[^/]+/" .image "") -}}
{{- else -}}
{{- .image -}}
{{- end -}}
{{- end }}

{{- define "geju.databaseHost" -}}
{{- if .Values.cnpg.enabled -}}
{{- printf "%s-postgres-rw" (include "geju.fullname" .) -}}
{{- else if .Values.trial.postgres.enabled -}}
{{- printf "%s-postgres" (include "geju.fullname" .) -}}
{{- else -}}
{{- .Values.database.host -}}
{{- end -}}
{{- end }}

{{- define "geju.natsServers" -}}
{{- if .Values.trial.nats.enabled -}}
{{- printf "%s-nats:4222" (include "geju.fullname" .) -}}
{{- else -}}
{{- join "," .Values.nats.servers -}}
{{- end -}}
{{- end }}

{{/* Environment that says where and how PostgreSQL is. */}}
{{- define "geju.databaseTls" -}}
{{- if and (hasPrefix "verify-" .Values.database.sslMode) (not .Values.database.caSecret) -}}
{{- fail (printf "database.caSecret: sslMode %s needs the CA that the server's certificate is verified with" .Values.database.sslMode) -}}
{{- end -}}
- name: PGSSLMODE
  value: {{ .Values.database.sslMode | quote }}
{{- if .Values.database.caSecret }}
- name: PGSSLROOTCERT
  value: /etc/geju/database-ca/ca.crt
{{- end }}
{{- end }}

{{/* One URL of PostgreSQL: .root, .setting, .role, .database, .password (variable), .secret, .key */}}
{{- define "geju.databaseUrl" -}}
- name: {{ .password }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
- name: {{ .setting }}
  value: {{ printf "postgresql://%s:$(%s)@%s:%v/%s" .role .password (include "geju.databaseHost" .root) .root.Values.database.port .database | quote }}
{{- end }}

{{/* The administrator's, whose password somebody else has chosen: beside the URL, where it may hold any character. */}}
{{- define "geju.adminUrl" -}}
- name: PGPASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
- name: GEJU_DATABASE_ADMIN_URL
  value: {{ printf "postgresql://%s@%s:%v/postgres" .role (include "geju.databaseHost" .root) .root.Values.database.port | quote }}
{{- end }}

{{- define "geju.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "geju.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* Of a service; where none is made and none named, the namespace's own. */}}
{{- define "geju.serviceAccountName" -}}
{{- $made := printf "%s-%s" (include "geju.fullname" .root) .name -}}
{{- default (ternary $made "default" .root.Values.serviceAccount.create) .root.Values.serviceAccount.name -}}
{{- end }}

{{/* Of what runs once: hooks come before whatever else the chart makes, so they have one of their own. */}}
{{- define "geju.jobsAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- printf "%s-jobs" (include "geju.fullname" .) -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end }}

{{/* Seconds from SIGTERM to SIGKILL: the drain, the calls under way, background work, and some. */}}
{{- define "geju.graceSeconds" -}}
{{- $settings := mergeOverwrite (deepCopy .root.Values.settings) (deepCopy .service.settings) -}}
{{- add (ceil (default 5 $settings.GEJU_DRAIN_SECONDS)) (ceil (default 20 $settings.GEJU_STOP_SECONDS)) 20 -}}
{{- end }}

{{/* Every setting of a service: what the chart knows, then the user's; each name once. .root, .name, .service */}}
{{- define "geju.settings" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
{{- $full := include "geju.fullname" $root -}}
{{- $own := dict
  "GEJU_PROFILE" $values.district.profile
  "GEJU_GRPC_LISTEN" "0.0.0.0:50051"
  "GEJU_METRICS_LISTEN" "0.0.0.0:9464"
  "GEJU_HEALTH_LISTEN" "0.0.0.0:8081"
  "GEJU_NATS_REPLICAS" $values.nats.streamReplicas
  "GEJU_RECORD_KEYS" "/etc/geju/records/records.json"
  "GEJU_JWT_KEYS" "/etc/geju/tokens" -}}
{{- if $values.nats.caSecret -}}
{{- $_ := set $own "GEJU_NATS_CA" "/etc/geju/nats-ca/ca.crt" -}}
{{- end -}}
{{- if $values.tls.enabled -}}
{{- $_ := set $own "GEJU_TLS_CERT" "/etc/geju/tls/tls.crt" -}}
{{- $_ := set $own "GEJU_TLS_KEY" "/etc/geju/tls/tls.key" -}}
{{- $_ := set $own "GEJU_TLS_CLIENT_CA" "/etc/geju/tls/ca.crt" -}}
{{- end -}}
{{- if and $values.keys.auditSecret (ne .service.kind "board") -}}
{{- $_ := set $own "GEJU_AUDIT_KEY" "/etc/geju/audit/audit.key" -}}
{{- end -}}
{{- if eq .service.kind "board" -}}
{{- $sources := dict -}}
{{- range $name, $service := include "geju.services" $root | fromYaml -}}
{{- if eq $service.kind "source" -}}
{{- $_ := set $sources $name (printf "%s-%s.%s.svc:50051" $full $name $root.Release.Namespace) -}}
{{- end -}}
{{- end -}}
{{- $_ := set $own "GEJU_SOURCES" (toJson $sources) -}}
{{- $_ := set $own "GEJU_SERVICE_TOKEN" "/etc/geju/service/service.token" -}}
{{- end -}}
{{- range $name, $value := mergeOverwrite (deepCopy $values.settings) (deepCopy .service.settings) $own }}
- name: {{ $name }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- end }}

{{- define "geju.ofKind" -}}
{{- $found := list -}}
{{- range $name, $service := include "geju.services" .root | fromYaml -}}
{{- if eq $service.kind $.kind -}}
{{- $found = append $found $name -}}
{{- end -}}
{{- end -}}
{{- toJson (sortAlpha $found) -}}
{{- end }}

{{- define "geju.boards" -}}
{{- include "geju.ofKind" (dict "root" . "kind" "board") -}}
{{- end }}

{{- define "geju.sources" -}}
{{- include "geju.ofKind" (dict "root" . "kind" "source") -}}
{{- end }}

{{/* name=host:port of every service, for the command. */}}
{{- define "geju.targets" -}}
{{- $found := list -}}
{{- range $name, $service := include "geju.services" . | fromYaml -}}
{{- $found = append $found (printf "%s=%s-%s.%s.svc:50051" $name (include "geju.fullname" $) $name $.Release.Namespace) -}}
{{- end -}}
{{- join "," (sortAlpha $found) -}}
{{- end }}
