using System.Diagnostics.Metrics;
using Azure.Core;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Switchboard.Common;
using Switchboard.Hosting;
using Switchboard.Masks;
using Switchboard.Vault;

namespace Switchboard;

/// <summary>Exports traces, metrics and logs where the standard variables of an exporter are set, and does nothing otherwise.</summary>
public static class TelemetryServices
{
    private const string AzureMonitor = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private const string AzureMonitorIdentity = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";
    private const string Otlp = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>
    /// Exports to Azure Monitor when <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> is set (with Entra ID when
    /// <c>APPLICATIONINSIGHTS_AUTHENTICATION_STRING</c> says <c>Authorization=AAD</c>), and by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.
    /// </summary>
    /// <remarks>
    /// Looks for the variables when it is called, because an app that exports nothing loads nothing for it. One that a source brings only
    /// afterwards stops the start.
    /// </remarks>
    /// <returns>The builder, to add to; null when nothing is exported.</returns>
    public static OpenTelemetryBuilder? AddSwitchboardTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var toAzure = IsSet(AzureMonitor);
        var toOtlp = IsSet(Otlp);
        services.AddSingleton<IValidateOptions<SwitchboardOptions>>(
            new ExporterRules([.. new[] { AzureMonitor, Otlp }.Where(name => !IsSet(name))], IsSet));
        return toAzure || toOtlp ? Add(services, configuration, toAzure, toOtlp) : null;

        bool IsSet(string name) => !string.IsNullOrWhiteSpace(configuration[name]);
    }

    // A method of its own, so that an app that exports nothing loads none of the assemblies.
    private static OpenTelemetryBuilder Add(IServiceCollection services, IConfiguration configuration, bool toAzure, bool toOtlp)
    {
        var telemetry = services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddSource(SwitchboardSource.Name, SwitchboardSource.GenAI)
                .AddProcessor(provider => new ContentFreeSpans(provider.Settings().TracesContent, provider.GetService<NumberMask>()?.Any))
                .AddHttpClientInstrumentation())
            .WithMetrics(metrics => metrics.AddMeter(SwitchboardSource.Name, SwitchboardSource.GenAI).AddView(ConfiguredTags))
            .WithLogging(_ => { }, logging => logging.IncludeScopes = true);
        if (toOtlp)
        {
            telemetry.WithTracing(tracing => SampleAll(tracing, configuration).AddOtlpExporter())
                .WithMetrics(metrics => metrics.AddOtlpExporter())
                .WithLogging(logging => logging.AddOtlpExporter());
        }

        if (toAzure)
        {
            var credential = Credential(configuration[AzureMonitorIdentity]);
            telemetry.WithTracing(tracing => tracing.AddAzureMonitorTraceExporter(Configure))
                .WithMetrics(metrics => metrics.AddAzureMonitorMetricExporter(Configure))
                .WithLogging(logging => logging.AddAzureMonitorLogExporter(Configure));

            void Configure(AzureMonitorExporterOptions options)
            {
                options.ConnectionString = configuration[AzureMonitor];
                options.Credential = credential;
                // The line that every turn leaves must not go with a trace that was not sampled.
                options.EnableTraceBasedLogsSampler = false;
            }
        }

        return telemetry;
    }

    // A metric keeps every value of its tags for ever. The model that an upstream says that it is, is a tag of theirs that the upstream chooses.
    private static MetricStreamConfiguration? ConfiguredTags(Instrument instrument) => instrument.Meter.Name != SwitchboardSource.GenAI ? null : new()
    {
        TagKeys = ["gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model", "gen_ai.token.type", "server.address", "server.port", "error.type"],
    };

    // ASP.NET Core's own activity is above the turn's and is not recorded; the default sampler would drop every turn with it.
    private static TracerProviderBuilder SampleAll(TracerProviderBuilder tracing, IConfiguration configuration) =>
        string.IsNullOrWhiteSpace(configuration["OTEL_TRACES_SAMPLER"]) ? tracing.SetSampler(new AlwaysOnSampler()) : tracing;

    // The format of the Functions host: "Authorization=AAD" or "Authorization=AAD;ClientId=<id>".
    // https://learn.microsoft.com/azure/azure-functions/functions-app-settings#applicationinsights_authentication_string
    private static TokenCredential? Credential(string? authentication)
    {
        var parts = (authentication ?? "").Split(';', StringSplitOptions.TrimEntries).Select(part => part.Split('=', 2)).Where(part => part.Length == 2)
            .ToDictionary(part => part[0], part => part[1], StringComparer.OrdinalIgnoreCase);
        return parts.GetValueOrDefault("Authorization") != "AAD"
            ? null
            : AppIdentity.Credential(parts.GetValueOrDefault("ClientId"));
    }
}
