using System.Collections.Concurrent;
using System.Threading.Channels;
using Azure.Core;

namespace Switchboard.Tests.Upstream;

/// <summary>An identity whose tokens are numbered by the asking.</summary>
internal sealed class FakeIdentity(TimeProvider time) : TokenCredential
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly ConcurrentQueue<string> _asked = [];
    private readonly Channel<int> _asking = Channel.CreateUnbounded<int>();
    private TaskCompletionSource? _gate;

    /// <summary>The scopes that were asked for.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    public bool Fails { get; set; }

    /// <summary>Has the next askings wait, whatever their token says.</summary>
    public TaskCompletionSource Hold() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The next askings do not wait any more; those that wait go on waiting.</summary>
    public void LetGo() => _gate = null;

    /// <summary>Waits until it was asked so often.</summary>
    public async Task AskedAsync(int times, CancellationToken cancellationToken)
    {
        while (await _asking.Reader.ReadAsync(cancellationToken) < times)
        {
        }
    }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new NotSupportedException();

    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        var gate = _gate;
        await Task.Yield();
        if (Fails)
        {
            throw new InvalidOperationException("No identity here.");
        }

        _asked.Enqueue(string.Join(' ', requestContext.Scopes));
        var number = _asked.Count;
        _asking.Writer.TryWrite(number);
        await (gate?.Task ?? Task.CompletedTask);
        return new AccessToken($"token-{number}", time.GetUtcNow() + Lifetime);
    }
}
