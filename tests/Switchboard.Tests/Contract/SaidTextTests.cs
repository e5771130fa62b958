using Switchboard.Contract;

namespace Switchboard.Tests.Contract;

/// <summary>What of repeated text is new.</summary>
public sealed class SaidTextTests
{
    // Pieces, what each brings, and the end; a slash stands between.
    public static TheoryData<string, string> Unknown => new()
    {
        { "We /open /at nine.", "We /open /at nine./" },
        { "We /We open /We open at nine.", "We //open at nine./" },
        { "We/We open/We open at/We open at nine.", "We// open at/ nine./" },
        { "We /We open.", "We //open." },
        { "We open at nine/We open at nine, daily.", "We open at nine/, daily./" },
        { "We /open /at nine./We open at nine.", "We /open /at nine.//" },
        { "We /open /We open at nine.", "We /open /at nine./" },
        { " We/ We open/ We open at nine.", " We// open at nine./" },
        { "你好/你好，请/你好，请问您", "你好//，请问您/" },
        // The same once more, where nothing is new.
        { "We /We open /We open /We open at nine.", "We //open /at nine./" },
        { "Bye /Bye now./Bye now.", "Bye //now./" },
        { "Yes/Yes./Yes.", "Yes///." },
        { "Yes/Yes./Yes./Yes. We do.", "Yes///. We do./" },
        // Said again, or begun like before, by chance.
        { "1/10/ people", "1//10 people/" },
        { "1/10", "1//10" },
        { "1/10/10/ people", "1///1010 people/" },
        { "1/10/10", "1///1010" },
        { "a/ab/ab/ab/ab/ab", "a/////ababababab/" },
        { "ha/haha/ yes", "ha//haha yes/" },
        { "No/ no/ no.", "No/ no/ no./" },
        { "好/好/好的", "好/好/好的/" },
        { "a/ab/ab/c", "a///ababc/" },
        { "\n/\n\n/Hi", "\n/\n\n/Hi/" },
        { " / We/ open", " / We/ open/" },
        { "Yes/Yes/!", "Yes/Yes/!/" },
        // Not cumulative after all.
        { "ha/haha/hahaha/ That is funny.", "ha//haha/ That is funny./" },
    };

    public static TheoryData<string, string> Known => new()
    {
        { "We /We open /We open at nine.", "We /open /at nine./" },
        { "We /We open", "We /open/" },
        { "We/We/We open/We open", "We// open//" },
        // A character that was cut.
        { "We\uFFFD/Wełc/Wełcome", "We/łc/ome/" },
        // Shorter than before, and changed.
        { "We open/We op/We open at nine", "We open// at nine/" },
        { "We open at nine/We open at ten. Come!", "We open at nine/ten. Come!/" },
        // A service that was changed.
        { "We /open /at nine.", "We /open /at nine./" },
    };

    // Deltas, the message so far, what it brings.
    public static TheoryData<string, string, string> Whole => new()
    {
        { "We /open.", "We open.", "" },
        { "We /open.", "We open. Come!", " Come!" },
        { " We /open.\n", "We open.", "" },
        { "We /open", "We are open.", "" },
        { "", "We open.", "We open." },
        { "We/We open", "We open at nine.", " open at nine." },
    };

    [Theory]
    [MemberData(nameof(Unknown))]
    public void Add_Piece_BringsWhatIsNew(string pieces, string brought) => AssertBrings(new SaidText(isCumulative: false), pieces, brought);

    [Theory]
    [MemberData(nameof(Known))]
    public void Add_PieceOfACumulativeService_BringsWhatIsNew(string pieces, string brought) => AssertBrings(new SaidText(isCumulative: true), pieces, brought);

    [Theory]
    [MemberData(nameof(Whole))]
    public void AddWhole_Message_BringsWhatGoesOn(string pieces, string message, string brought)
    {
        var said = new SaidText(isCumulative: false);
        foreach (var piece in pieces.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            _ = said.Add(piece);
        }

        Assert.Equal(brought, said.AddWhole(message));
        Assert.Equal("", said.AddWhole(message));
        Assert.Equal("", said.Complete());
    }

    [Fact]
    public void AddWhole_OnlyMessages_AreTakenForPiecesWhereTheyAreSome()
    {
        var said = new SaidText(isCumulative: false);

        Assert.Equal(("We ", "open ", "at nine."), (said.AddWhole("We "), said.AddWhole("open "), said.AddWhole("at nine.")));
    }

    private static void AssertBrings(SaidText said, string pieces, string brought) =>
        Assert.Equal(brought, string.Join('/', [.. pieces.Split('/').Select(said.Add), said.Complete()]));
}
