using System.Text;
using Switchboard.Upstream;

namespace Switchboard.Tests.Upstream;

/// <summary>Events are read by the specification, wherever the bytes are cut: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation.</summary>
public sealed class EventBufferTests
{
    public static TheoryData<string, string[]> Bodies => new()
    {
        { "data: a\n\ndata: b\n\n", ["a", "b"] },
        { "data:a\r\n\r\ndata:  b\r\n\r\n", ["a", " b"] },
        { "data: a\r\rdata: b\r\r", ["a", "b"] },
        { "data: a\r\n\rdata: b\n\r\n", ["a", "b"] },
        { "data: a\ndata: b\ndata:\ndata\n\n", ["a\nb\n\n"] },
        { ": comment\ndata: a\n: another\ndata: b\nid: 7\nretry: 1\nother: x\n\n", ["a\nb"] },
        { "event: error\ndata: a\n\ndata: b\n\n", ["error|a", "b"] },
        { "data: a\nevent:error\n\nevent: message\ndata: b\n\n", ["error|a", "b"] },
        { "event: error\n\ndata: b\n\n", ["b"] },
        { "data\n\ndata:\n\n\n\n", ["", ""] },
        { "data: {\"a\":\"b: c\"}\n\ndata: without its end\n", ["{\"a\":\"b: c\"}"] },
        { "Data: a\ndatax: b\n data: c\n\ndata: 好\n\n", ["好"] },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void TryRead_BodyInPieces_GivesItsEvents(string body, string[] events)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        Assert.All(Enumerable.Range(1, bytes.Length), size => Assert.Equal(events, Read(bytes, size)));
    }

    [Fact]
    public void TryRead_LongEvent_IsWhole()
    {
        var text = new string('x', 50_000);

        Assert.Equal([text, $"{text}\n{text}", "a"], Read(Encoding.UTF8.GetBytes($"data: {text}\n\ndata: {text}\ndata: {text}\n\ndata: a\n\n"), 1000));
    }

    [Theory]
    [InlineData("data: a\n\n", 'd')]
    [InlineData("\ufeff \t\r\n\n{\"a\":1}", '{')]
    [InlineData("\r\n\r\n: comment", ':')]
    [InlineData("", null)]
    [InlineData(" \n ", null)]
    public void Peek_BodyInPieces_FindsTheFirstByte(string body, char? first)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        Assert.All(Enumerable.Range(1, Math.Max(bytes.Length, 1)), size =>
        {
            using var buffer = new EventBuffer(1000, 1000);
            var found = buffer.Peek();
            foreach (var piece in bytes.Chunk(size).TakeWhile(_ => found is null))
            {
                Add(buffer, piece);
                found = buffer.Peek();
            }

            Assert.Equal(first, (char?)found);
        });
    }

    [Theory]
    [InlineData("data: 012345", 10, 1000)]
    [InlineData(": 34567\n: 01", 10, 1000)]
    [InlineData("data: a\n\ndata: b\n\ndata: c\n\n", 10, 20)]
    public void Add_MoreThanMayBe_Throws(string body, int maxEventBytes, int maxBytes)
    {
        using var buffer = new EventBuffer(maxEventBytes, maxBytes);

        Assert.Throws<EventTooLargeException>(() =>
        {
            foreach (var piece in Encoding.UTF8.GetBytes(body).Chunk(1))
            {
                Add(buffer, piece);
                buffer.TryRead(out _);
            }
        });
    }

    [Fact]
    public void IsEmpty_AfterTheLastEvent_HoldsNothing()
    {
        using var buffer = new EventBuffer(1000, 1000);
        Add(buffer, "data: a\n"u8.ToArray());
        Assert.False(buffer.TryRead(out _));
        Assert.False(buffer.IsEmpty);

        Add(buffer, "\n"u8.ToArray());

        Assert.True(buffer.TryRead(out _));
        Assert.True(buffer.IsEmpty);
    }

    private static List<string> Read(byte[] body, int size)
    {
        using var buffer = new EventBuffer(1_000_000, 1_000_000);
        var events = new List<string>();
        foreach (var piece in body.Chunk(size))
        {
            Add(buffer, piece);
            while (buffer.TryRead(out var data))
            {
                events.Add((buffer.EventType is "error" ? "error|" : "") + Encoding.UTF8.GetString(data));
            }

            if (buffer.IsEmpty)
            {
                buffer.Dispose();
            }
        }

        return events;
    }

    private static void Add(EventBuffer buffer, byte[] bytes)
    {
        for (var written = 0; written < bytes.Length;)
        {
            var place = buffer.GetMemory();
            var count = Math.Min(place.Length, bytes.Length - written);
            bytes.AsSpan(written, count).CopyTo(place.Span);
            written += count;
            Assert.True(buffer.Add(count));
        }
    }
}
