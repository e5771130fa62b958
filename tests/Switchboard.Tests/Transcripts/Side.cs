using Azure;

namespace Switchboard.Tests.Transcripts;

/// <summary>One process at the tables, which can be made to stand still and to break off.</summary>
internal sealed record Side(TableProxy Proxy, StoreRig Rig) : IAsyncDisposable
{
    /// <summary>More requests than any side ever makes in these tests.</summary>
    public const int Never = 100;

    public static async Task<Side> StartAsync(ITableStorage storage, string prefix, TimeProvider? time = null)
    {
        var proxy = await TableProxy.StartAsync(storage);
        return new Side(proxy, new StoreRig(proxy, prefix, time));
    }

    /// <summary>Lets it make so many requests: all that come after are lost, and it is not tried again.</summary>
    /// <param name="deed">What it does.</param>
    /// <param name="end">How many requests arrive.</param>
    /// <param name="pause">The request before which <paramref name="meanwhile"/> happens.</param>
    /// <param name="meanwhile">What happens then.</param>
    public async Task RunAsync(Func<StoreRig, Task> deed, int end, int pause = Never, Func<Task>? meanwhile = null)
    {
        var requests = 0;
        Proxy.Decide = async _ =>
        {
            var request = requests++;
            if (request == pause)
            {
                await meanwhile!();
            }

            return request < end ? ProxyAction.Forward : ProxyAction.Drop;
        };
        try
        {
            await deed(Rig);
        }
        catch (RequestFailedException) when (requests > end)
        {
            // As if the process had been killed.
        }
    }

    public ValueTask DisposeAsync() => Proxy.DisposeAsync();
}
