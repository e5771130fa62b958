using System.Text;
using Caller.Wire;

namespace Caller.Platform;

/// <summary>A tool call put together from the deltas of one answer.</summary>
/// <param name="Index">As announced; null when missing.</param>
/// <param name="Id">As announced; null when missing.</param>
/// <param name="Name">The function.</param>
internal sealed record AnnouncedCall(int? Index, string? Id, string? Name)
{
    private readonly StringBuilder _arguments = new();

    public string Arguments => _arguments.ToString();

    /// <summary>Every entry that names a function announces a call; entries without a name continue the call of their index.</summary>
    public static IReadOnlyList<AnnouncedCall> In(Exchange exchange)
    {
        var calls = new List<AnnouncedCall>();
        foreach (var piece in exchange.Chunks.SelectMany(chunk => chunk.ToolCalls))
        {
            var call = piece.Name is { Length: > 0 } ? null : calls.FindLast(known => known.Index == piece.Index);
            if (call is null)
            {
                call = new AnnouncedCall(piece.Index, piece.Id, piece.Name);
                calls.Add(call);
            }

            call._arguments.Append(piece.ArgumentsText);
        }

        return calls;
    }
}
