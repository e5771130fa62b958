namespace Switchboard.Speech.Tests;

public sealed class SpokenTextAllocationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(7)]
    public void Push_Prose_AllocatesNothing(int length)
    {
        const string text = "Well, hello! We have your order here: the two white shirts, at $19.50 each, will arrive on Wednesday. How would you like to pay?";
        var pieces = Enumerable.Range(0, text.Length / length).Select(index => text.Substring(index * length, length)).ToArray();
        var filter = new SpokenTextFilter(new SpokenTextOptions());
        var spoken = new List<ReadOnlyMemory<char>>(4);
        Run(filter, pieces, spoken);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(filter, pieces, spoken);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
    }

    private static void Run(SpokenTextFilter filter, string[] pieces, List<ReadOnlyMemory<char>> spoken)
    {
        for (var round = 0; round < 50; round++)
        {
            foreach (var piece in pieces)
            {
                spoken.Clear();
                filter.Push(piece, spoken);
            }
        }
    }
}
