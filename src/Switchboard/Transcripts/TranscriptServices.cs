using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
        services.TryAddSingleton<TranscriptTables>();
        services.AddSingleton<TranscriptReport>();
        services.AddSingleton<TranscriptQueue>();
        services.AddSingleton<TurnStore>();
        services.AddSingleton<CallEventStore>();
        services.AddSingleton<CallReader>();
        services.AddSingleton<CallEraser>();
        return services
            .AddWhere<StoredCalls>(AreKept)
            // What tools found is what was said, too.
            .AddWhere<SharedMemory>(provider => AreKept(provider) && !provider.GetRequiredService<TranscriptsOptions>().Redact, provider => ActivatorUtilities.CreateInstance<ToolRuns>(provider))
            .AddWhere<Transcriber>(AreKept)
            .AddHostedWhere<TranscriptWriter>(AreKept)
            .AddHostedWhere<TranscriptSweep>(AreKept);
    }

    private static bool AreKept(IServiceProvider provider) => provider.GetRequiredService<TranscriptsOptions>().AreKept;
}
