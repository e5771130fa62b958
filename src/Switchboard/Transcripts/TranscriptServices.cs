using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Switchboard.Common;

namespace Switchboard.Transcripts;

/// <summary>Adds what keeps transcripts.</summary>
internal static class TranscriptServices
{
    /// <summary>Adds <see cref="Transcriber"/> and <see cref="StoredCalls"/>, which are there only where transcripts are kept. Needs <see cref="TranscriptsOptions"/> and a clock.</summary>
    public static IServiceCollection AddTranscripts(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton(TranscriptRetry.Default);
        services.TryAddSingleton<TranscriptTables>();
        services.AddSingleton<TranscriptReport>();
        services.AddSingleton<TranscriptQueue>();
        services.AddSingleton<TurnStore>();
        services.AddSingleton<CallReader>();
        services.AddSingleton<CallEraser>();
        services.AddWhere(AreKept, Create<StoredCalls>);
        services.AddWhere(AreKept, Create<Transcriber>);
        services.AddHostedWhere(AreKept, Create<TranscriptWriter>);
        services.AddHostedWhere(AreKept, Create<TranscriptSweep>);
        return services;
    }

    private static bool AreKept(IServiceProvider provider) => provider.GetRequiredService<TranscriptsOptions>().AreKept;

    private static T Create<T>(IServiceProvider provider) => ActivatorUtilities.CreateInstance<T>(provider);
}
