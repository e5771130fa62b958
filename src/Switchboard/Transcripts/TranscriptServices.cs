using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Memory;

namespace Switchboard.Transcripts;

/// <summary>Adds what keeps transcripts.</summary>
internal static class TranscriptServices
{
    /// <summary>Adds <see cref="Transcriber"/> and <see cref="StoredCalls"/>, which are there only where transcripts are kept. Needs <see cref="TranscriptsOptions"/> and a clock.</summary>
    public static IServiceCollection AddTranscripts(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton(TranscriptRetry.Default);
        services.TryAddSingleton(SharingPatience.Default);
        services.TryAddSingleton(provider => TranscriptTables.Of(
            provider.GetRequiredService<TranscriptsOptions>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<MemoryTables>>()));
        services.AddSingleton<TranscriptReport>();
        services.AddSingleton<TranscriptQueue>();
        services.AddSingleton<TurnStore>();
        services.AddSingleton<CallEventStore>();
        services.AddSingleton<CallReader>();
        services.AddSingleton<CallEraser>();
        services.AddSingleton<OverviewReader>();
        return services
            .AddWhere<StoredCalls>(AreKept)
            // What tools found is what was said, too; and nobody else reads this process's memory.
            .AddWhere<SharedMemory>(provider => provider.GetRequiredService<TranscriptsOptions>() is { HasTables: true, Redact: Redaction.None }, provider => ActivatorUtilities.CreateInstance<ToolRuns>(provider))
            .AddWhere<Transcriber>(AreKept)
            .AddHostedWhere<TranscriptWriter>(AreKept)
            .AddHostedWhere<TranscriptSweep>(AreKept);
    }

    private static bool AreKept(IServiceProvider provider) => provider.GetRequiredService<TranscriptsOptions>().AreKept;
}
