using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Switchboard.Settings;

namespace Switchboard.Transcripts;

/// <summary>Adds what keeps transcripts.</summary>
internal static class TranscriptServices
{
    /// <summary>The settings without which no transcripts are kept.</summary>
    public const string UriSetting = "Transcripts:TableServiceUri";

    public const string ConnectionSetting = "Transcripts:ConnectionString";

    public static void Add(IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<IValidateOptions<SwitchboardOptions>, ConnectionRules>();
        services.TryAddSingleton(TranscriptRetry.Default);
        services.TryAddSingleton(provider => TablesConnection.For(Options(provider)));
        services.AddSingleton<TranscriptReport>();
        services.AddSingleton(provider => new TranscriptTables(provider.GetRequiredService<TableServiceClient>(), Options(provider).TablePrefix));
        services.AddSingleton<TurnStore>();
        services.AddSingleton<CallReader>();
        services.AddSingleton<CallEraser>();
        services.AddSingleton<StoredCalls>();
        services.AddSingleton(provider => new TranscriptQueue(
            Options(provider).QueueCapacity, Options(provider).QueueBytes, provider.GetRequiredService<TranscriptReport>()));
        services.AddSingleton(provider => new Transcriber(
            provider.GetRequiredService<TranscriptQueue>(),
            Options(provider).Redact,
            provider.GetRequiredService<TranscriptReport>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService(provider =>
        {
            var time = provider.GetRequiredService<TimeProvider>();
            var report = provider.GetRequiredService<TranscriptReport>();
            return new TranscriptWriter(
                provider.GetRequiredService<TranscriptQueue>(),
                provider.GetRequiredService<TurnStore>(),
                provider.GetRequiredService<TranscriptRetry>().Build(time, report),
                report,
                time);
        });
        services.AddHostedService(provider => new TranscriptSweep(
            provider.GetRequiredService<CallEraser>(),
            Options(provider).RetentionDays,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<TranscriptSweep>>()));
    }

    private static TranscriptsOptions Options(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<SwitchboardOptions>>().Value.Transcripts;
}
