namespace Switchboard.Testing;

/// <summary>One Azurite for all tests that leave it running, started when the first of them needs it. Each has tables of its own.</summary>
public sealed class SharedAzurite : IAsyncDisposable
{
    private static int _prefixes;

    private readonly Lazy<Task<Azurite>> _azurite = new(Azurite.StartNewAsync);

    internal static string NewPrefix() => $"Test{Interlocked.Increment(ref _prefixes)}";

    internal Task<Azurite> GetAsync() => _azurite.Value;

    public async ValueTask DisposeAsync()
    {
        if (_azurite.IsValueCreated)
        {
            await (await _azurite.Value).DisposeAsync();
        }
    }
}
