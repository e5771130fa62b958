using System.Text;
using Caller.Wire;

namespace Caller.Tests.Wire;

public sealed class FrameReaderTests
{
    [Theory]
    [InlineData("data: {\"a\":1}\n\ndata: [DONE]\n\n")]
    [InlineData("data: {\"a\":1}\r\n\r\ndata: [DONE]\r\n\r\n")]
    [InlineData("data: {\"a\":1}\r\rdata: [DONE]\r\r")]
    [InlineData("\uFEFFdata:{\"a\":1}\n\n: ping\n\ndata:[DONE]\n\n")]
    [InlineData("event: message\nid: 7\ndata: {\"a\":1}\n\nretry: 3\n\ndata: [DONE]\n\n")]
    public void Push_WellFormedStream_FindsEventsAndNoDefect(string stream)
    {
        var reader = new FrameReader();

        var frames = Read(reader, stream);

        Assert.Equal(["{\"a\":1}", "[DONE]"], frames.Select(frame => frame.Payload));
        Assert.Empty(reader.Defects);
    }

    [Fact]
    public void Push_ByteByByte_FindsTheSameAndStampsTheLastByte()
    {
        var reader = new FrameReader();
        var bytes = Encoding.UTF8.GetBytes("data: {\"a\":\"ü😀\"}\r\n\r\n");

        var frames = bytes.SelectMany((value, index) => reader.Push([value], TimeSpan.FromMilliseconds(index))).ToList();

        var frame = Assert.Single(frames);
        Assert.Equal("{\"a\":\"ü😀\"}", frame.Payload);
        Assert.Equal(TimeSpan.FromMilliseconds(bytes.Length - 2), frame.At);
        Assert.Empty(reader.Defects);
    }

    [Theory]
    [InlineData("{\"a\":1}\n\n", "StrayLine", 1)]
    [InlineData("hello\n\n", "StrayLine", 0)]
    [InlineData("data: {\"a\":1}\ndata: {\"b\":1}\n\n", "JoinedEvents", 2)]
    [InlineData("data: {\"a\":1}", "UnterminatedEvent", 1)]
    [InlineData("event: delta\ndata: {\"a\":1}\n\n", "NamedEvent", 1)]
    public void Push_Defect_IsReportedAndReadOn(string stream, string defect, int events)
    {
        var reader = new FrameReader();

        var frames = Read(reader, stream);

        Assert.Equal(defect, Assert.Single(reader.Defects).Kind.ToString());
        Assert.Equal(events, frames.Count);
    }

    [Fact]
    public void Push_InvalidUtf8_IsReported()
    {
        var reader = new FrameReader();

        var frames = reader.Push([.. "data: "u8, 0xFC, .. "\n\n"u8], TimeSpan.Zero);

        Assert.Equal(FrameDefect.InvalidUtf8, Assert.Single(reader.Defects).Kind);
        Assert.Equal("\uFFFD", Assert.Single(frames).Payload);
    }

    [Fact]
    public void Push_OneEventOverSeveralDataLines_IsJoined()
    {
        var reader = new FrameReader();

        var frames = Read(reader, "data: {\ndata: \"a\":1}\n\n");

        Assert.Equal("{\n\"a\":1}", Assert.Single(frames).Payload);
        Assert.NotNull(frames[0].Chunk);
        Assert.Empty(reader.Defects);
    }

    private static List<Frame> Read(FrameReader reader, string stream) =>
        [.. reader.Push(Encoding.UTF8.GetBytes(stream), TimeSpan.Zero), .. reader.Complete(TimeSpan.Zero)];
}
