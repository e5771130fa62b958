using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Switchboard.Testing;

/// <summary>Reads a streamed answer as it arrives.</summary>
internal sealed partial class EventReader(Stream body) : IDisposable
{
    private readonly StreamReader _reader = new(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));

    public static async Task<EventReader> OpenAsync(HttpResponseMessage response) =>
        new(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

    /// <summary>The data of the next event; null at the end of the stream.</summary>
    public async Task<string?> NextAsync()
    {
        while (await _reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                Assert.Equal("", await _reader.ReadLineAsync(TestContext.Current.CancellationToken));
                return line["data: ".Length..];
            }
        }

        return null;
    }

    /// <summary>The text in the next event.</summary>
    public async Task<string?> NextTextAsync()
    {
        using var chunk = JsonDocument.Parse((await NextAsync())!);
        return chunk.RootElement.GetProperty("choices")[0].GetProperty("delta").GetProperty("content").GetString();
    }

    public async Task<List<string>> RestAsync()
    {
        var events = new List<string>();
        while (await NextAsync() is { } data)
        {
            events.Add(data);
        }

        return events;
    }

    /// <summary>The ids that differ from run to run, each replaced by its name.</summary>
    public static string WithoutIds(string raw) => Ids().Replace(raw, match => $"{match.Groups[1].Value}ID");

    public void Dispose() => _reader.Dispose();

    [GeneratedRegex("(chatcmpl-|call_)[0-9a-f]{32}")]
    private static partial Regex Ids();
}
