{{/* A hook Job that runs the command once: .root, .name, .weight, .args (list), .env (text), .component */}}
{{- define "geju.job" -}}
{{- $values := .root.Values -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ include "geju.fullname" .root }}-{{ .name }}
  labels:
    {{- include "geju.labels" .root | nindent 4 }}
    app.kubernetes.io/component: jobs
  annotations:
    helm.sh/hook: {{ $values.migrations.hooks | quote }}
    helm.sh/hook-weight: {{ .weight | quote }}
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  backoffLimit: {{ $values.migrations.backoffLimit }}
  activeDeadlineSeconds: {{ $values.migrations.activeDeadlineSeconds }}
  template:
    metadata:
      labels:
        {{- include "geju.labels" .root | nindent 8 }}
        app.kubernetes.io/component: jobs
    spec:
      # A pod for each attempt: what has failed stays, with its log.
      restartPolicy: Never
      serviceAccountName: {{ include "geju.jobsAccountName" .root }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      {{- with $values.global.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        {{- include "geju.podSecurity" .root | nindent 8 }}
      containers:
        - name: {{ .name }}
          image: {{ include "geju.image" .root | quote }}
          imagePullPolicy: {{ $values.image.pullPolicy }}
          args: {{ toJson .args }}
          securityContext:
            {{- include "geju.containerSecurity" .root | nindent 12 }}
          env:
            {{- include "geju.databaseTls" .root | nindent 12 }}
            {{- .env | nindent 12 }}
          {{- if .envFrom }}
          envFrom:
            - secretRef: {name: {{ .envFrom }}}
          {{- end }}
          resources:
            {{- toYaml $values.migrations.resources | nindent 12 }}
          volumeMounts:
            - {name: tmp, mountPath: /tmp}
            {{- if $values.database.caSecret }}
            - {name: database-ca, mountPath: /etc/geju/database-ca, readOnly: true}
            {{- end }}
      volumes:
        - {name: tmp, emptyDir: {sizeLimit: 64Mi}}
        {{- with $values.database.caSecret }}
        - {name: database-ca, secret: {secretName: {{ . }}, items: [{key: ca.crt, path: ca.crt}], defaultMode: 0440}}
        {{- end }}
{{- end }}
