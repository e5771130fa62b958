using Microsoft.Extensions.Caching.Memory;
using Switchboard.Contract;

namespace Switchboard.Steps;

/// <summary>Takes the phrases in turn, and remembers for each call which one it heard last.</summary>
internal sealed class FillerPhrases(IEnumerable<string> phrases) : IDisposable
{
    private const int RememberedCalls = 10_000;

    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private readonly string[] _phrases = [.. phrases];
    private readonly MemoryCache _last = new(new MemoryCacheOptions { SizeLimit = RememberedCalls });
    private int _next = -1;

    public string Next(CallContext call)
    {
        var index = (int)((uint)Interlocked.Increment(ref _next) % (uint)_phrases.Length);
        if (call.InstanceId is null)
        {
            return _phrases[index];
        }

        // Not the ids themselves, which somebody else chooses; calls that share a key may hear a phrase twice running, and no more.
        var key = (((long)string.GetHashCode(call.InstanceId)) << 32) ^ (uint)string.GetHashCode(call.ChannelId);
        if (_last.TryGetValue(key, out int last) && last == index)
        {
            index = (index + 1) % _phrases.Length;
        }

        _last.Set(key, index, new MemoryCacheEntryOptions { SlidingExpiration = Memory, Size = 1 });
        return _phrases[index];
    }

    public void Dispose() => _last.Dispose();
}
