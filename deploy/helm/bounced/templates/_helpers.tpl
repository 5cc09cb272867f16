{{- define "bounced.name" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 48 | trimSuffix "-" -}}
{{- end -}}

{{- define "bounced.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "bounced.labels" -}}
{{ include "bounced.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "bounced.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}

{{- /* An address with a password: from a Secret of yours, or from the one that the chart makes of values. */ -}}
{{- define "bounced.address" -}}
{{- $value := index .root.Values .of -}}
{{- if and (not $value.url) (not $value.existingSecret) -}}
{{- fail (printf "set %s.url or %s.existingSecret" .of .of) -}}
{{- end -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ default (include "bounced.name" .root) $value.existingSecret }}
      key: {{ ternary $value.key (printf "%s-url" .of) (ne $value.existingSecret "") }}
{{- end -}}
