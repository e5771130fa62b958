using Microsoft.Extensions.Logging;
using Switchboard.Common;

namespace Switchboard.Vault;

/// <summary>What is loaded from one secret. A refresh that fails leaves the last good state in force.</summary>
/// <param name="secret">The secret's name.</param>
internal abstract partial class VaultLoad(string secret)
{
    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile VaultStatus _status = new();

    public string Secret => secret;

    public VaultStatus Status => _status;

    /// <summary>Completes once it was loaded, or could not be, for the first time.</summary>
    public Task Tried => _tried.Task;

    /// <summary>Loads anew. Only <paramref name="stopping"/> ends it with an exception; all else becomes the status and a line in the log.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where a failure is told.</param>
    /// <param name="stopping">The app stops.</param>
    /// <param name="deadline">The refresh takes too long.</param>
    public async Task RefreshAsync(VaultReader vault, TimeProvider time, ILogger logger, CancellationToken stopping, CancellationToken deadline)
    {
        try
        {
            await LoadAsync(vault, deadline);
            _status = new VaultStatus(time.GetUtcNow());
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            // Whatever a vault answers must not end the refreshing.
            var failure = VaultFailure.From(exception, time);
            _status = _status with { Failure = failure };
            Log(logger, exception, failure.Reason, _status.Age(time.GetUtcNow()));
        }

        _tried.TrySetResult();
    }

    /// <summary>Whether what was loaded has been without a refresh for so long that it no longer counts.</summary>
    protected virtual bool HasLapsed => false;

    protected abstract Task LoadAsync(VaultReader vault, CancellationToken cancellationToken);

    // A failure's text is nothing of what the vault said.
    private void Log(ILogger logger, Exception exception, string reason, TimeSpan? age)
    {
        if (VaultFailure.IsOfThisApp(exception))
        {
            var stack = FailureText.DescribeWithStack(exception);
            ReadingFailed(logger, secret, stack);
        }

        var description = FailureText.Describe(exception);
        if (HasLapsed)
        {
            Lapsed(logger, secret, age, reason, description);
        }
        else if (age is { } known)
        {
            Stale(logger, secret, reason, known, description);
        }
        else
        {
            NeverLoaded(logger, secret, reason, description);
        }
    }

    [LoggerMessage(EventId = 306, Level = LogLevel.Warning, Message =
        "Secret {Secret} could not be refreshed: {Reason}. What was loaded {Age} ago stays in force ({Failure})")]
    private static partial void Stale(ILogger logger, LogText secret, FailureText reason, TimeSpan age, FailureText failure);

    [LoggerMessage(EventId = 307, Level = LogLevel.Error, Message = "Secret {Secret} could not be loaded yet: {Reason} ({Failure})")]
    private static partial void NeverLoaded(ILogger logger, LogText secret, FailureText reason, FailureText failure);

    [LoggerMessage(EventId = 309, Level = LogLevel.Error, Message =
        "The keys of secret {Secret} were last loaded {Age} ago, longer than Access:KeyVault:LongestOutage allows, and are no longer accepted: {Reason} ({Failure})")]
    private static partial void Lapsed(ILogger logger, LogText secret, TimeSpan? age, FailureText reason, FailureText failure);

    [LoggerMessage(EventId = 310, Level = LogLevel.Error, Message = "An error in this app ended the reading of secret {Secret}: {Failure}")]
    private static partial void ReadingFailed(ILogger logger, LogText secret, FailureText failure);
}

/// <summary>How current a secret is.</summary>
/// <param name="LoadedAt">When the vault last answered for it in full; null: never.</param>
/// <param name="Failure">Why the last refresh failed; null when it did not.</param>
internal sealed record VaultStatus(DateTimeOffset? LoadedAt = null, VaultFailure? Failure = null)
{
    /// <summary>The time since it was last loaded in full, in whole seconds; null: never.</summary>
    public TimeSpan? Age(DateTimeOffset now) => LoadedAt is { } loadedAt ? TimeSpan.FromSeconds(Math.Max(0, (long)(now - loadedAt).TotalSeconds)) : null;
}
