using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Switchboard.Tests.Turn;

/// <summary>Responders of people who did not read the contract of <see cref="IChatClient"/>.</summary>
internal static class UnrulyResponders
{
    public static async IAsyncEnumerable<ChatResponseUpdate> SayAsync(params string[] texts)
    {
        foreach (var text in texts)
        {
            await Task.Yield();
            yield return LambdaChatClient.Text(text);
        }
    }

    /// <summary>Says something and waits for <paramref name="end"/>, whatever its token says.</summary>
    public static async IAsyncEnumerable<ChatResponseUpdate> IgnoreCancellationAsync(string text, Task end)
    {
        if (text.Length > 0)
        {
            yield return LambdaChatClient.Text(text);
        }

        await end;
        yield return LambdaChatClient.Text("Too late.");
    }

    /// <summary>Fails as soon as its token is cancelled, which it also is when its answer is over.</summary>
    public static async IAsyncEnumerable<ChatResponseUpdate> FailWhenCancelledAsync(string text, Task end, TaskCompletionSource asked, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _ = cancellationToken.Register(() => throw new ObjectDisposedException("socket"));
        if (text.Length > 0)
        {
            yield return LambdaChatClient.Text(text);
        }

        asked.TrySetResult();
        await end.WaitAsync(cancellationToken);
        yield return new ChatResponseUpdate(ChatRole.Assistant, []) { FinishReason = ChatFinishReason.Stop };
    }

    /// <summary>Makes an <see cref="IOException"/> of its cancellation.</summary>
    public static async IAsyncEnumerable<ChatResponseUpdate> WrapCancellationAsync(string text, TaskCompletionSource asked, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (text.Length > 0)
        {
            yield return LambdaChatClient.Text(text);
        }

        asked.TrySetResult();
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        catch (OperationCanceledException failure)
        {
            throw new IOException("The transport was closed.", failure);
        }
    }

    /// <summary>Has something to do when its token is cancelled: <paramref name="told"/>, which may throw or never end. Then it heeds its token, or ends.</summary>
    public static async IAsyncEnumerable<ChatResponseUpdate> WhenToldAsync(
        string text, bool ends, Action told, TaskCompletionSource asked, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.Register(told);
        if (text.Length > 0)
        {
            yield return LambdaChatClient.Text(text);
        }

        asked.TrySetResult();
        if (!ends)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Says something and is cancelled by itself, as an <see cref="HttpClient"/> is whose own time is up.</summary>
    public static async IAsyncEnumerable<ChatResponseUpdate> CancelItselfAsync(string text, bool isLate)
    {
        if (text.Length > 0)
        {
            yield return LambdaChatClient.Text(text);
        }

        if (isLate)
        {
            await Task.Yield();
        }

        throw new TaskCanceledException(TurnRig.Secret);
    }
}
