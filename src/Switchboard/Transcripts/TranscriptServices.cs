using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Switchboard.Settings;

namespace Switchboard.Transcripts;

/// <summary>Adds what keeps transcripts.</summary>
internal static class TranscriptServices
{
    public static void Add(IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton(TranscriptRetry.Default);
        services.AddSingleton<TranscriptReport>();
        services.TryAddSingleton(provider => new TranscriptTables(TablesConnection.For(Options(provider)), Options(provider).TablePrefix));
        services.AddSingleton<TurnStore>();
        services.AddSingleton<CallReader>();
        services.AddSingleton<CallEraser>();
        services.AddWhere(settings => settings.KeepsTranscripts, provider => new StoredCalls(
            provider.GetRequiredService<CallReader>(), provider.GetRequiredService<CallEraser>()));
        services.AddSingleton(provider => new TranscriptQueue(
            Options(provider).QueueCapacity, Options(provider).QueueBytes, provider.GetRequiredService<TranscriptReport>()));
        services.AddWhere(settings => settings.KeepsTranscripts, provider => new Transcriber(
            provider.GetRequiredService<TranscriptQueue>(),
            Options(provider).Redact,
            provider.GetRequiredService<TranscriptReport>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddHostedWhere(settings => settings.KeepsTranscripts, provider =>
        {
            return new TranscriptWriter(
                provider.GetRequiredService<TranscriptQueue>(),
                provider.GetRequiredService<TurnStore>(),
                provider.GetRequiredService<TranscriptRetry>(),
                provider.GetRequiredService<TranscriptReport>(),
                provider.GetRequiredService<TimeProvider>());
        });
        services.AddHostedWhere(settings => settings.KeepsTranscripts, provider => new TranscriptSweep(
            provider.GetRequiredService<CallEraser>(),
            Options(provider).RetentionDays,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<TranscriptSweep>>()));
    }

    private static TranscriptsOptions Options(IServiceProvider provider) => provider.Settings().Transcripts;
}
