namespace Switchboard.Speech.Tests;

/// <summary>What a model does, and what it only stresses.</summary>
internal static class StageRows
{
    public static TheoryData<string, string> Rows => new()
    {
        { "*clears throat* Well, *pauses* we open at nine.", "Well, we open at nine." },
        { "*sighs* Well then.", "Well then." },
        { "*laughs softly* That is right.", "That is right." },
        { "*laughs* that is right", "that is right" },
        { "*Laughs* That is right.", "That is right." },
        { "*Clears throat.* We open.", "We open." },
        { "*takes a deep breath* Okay, so here it is.", "Okay, so here it is." },
        { "*typing sounds* One moment.", "One moment." },
        { "*keyboard clicking* One moment.", "One moment." },
        { "*checks the calendar* Yes, we have a table.", "Yes, we have a table." },
        { "*checks the calendar* yes, we have a table.", "yes, we have a table." },
        { "Let me see. *types* We have two rooms.", "Let me see. We have two rooms." },
        { "Let me see... *looks at the screen* Yes!", "Let me see... Yes!" },
        { "Thank you! *smiles*", "Thank you! " },
        { "Hm, *chuckles* right.", "Hm, right." },
        { "I think *sighs* it is closed.", "I think it is closed." },
        { "We open at *pauses* nine.", "We open at nine." },
        { "Well — *clears her throat* — we open.", "Well — — we open." },
        { "_nods_ Of course.", "Of course." },
        { "__smiles warmly__ Of course.", "Of course." },
        { "**chuckles** Of course.", "Of course." },
        { "*pause* So.", "So." },
        { "*long pause* So.", "So." },
        { "*softly laughs* Yes.", "Yes." },
        { "*sighs* *shakes head* No.", "No." },
        { "*sighs*\nNo.", "No." },
        { "*sighs*, no.", "no." },
        { "*lacht* Ja.", "Ja." },
        { "*räuspert sich* Guten Tag.", "Guten Tag." },
        { "*soupire* D'accord.", "D'accord." },
        { "*se racle la gorge* Bonjour.", "Bonjour." },
        { "*suspira* Vale.", "Vale." },
        { "*si schiarisce la voce* Bene.", "Bene." },
        { "*вздыхает* Хорошо.", "Хорошо." },
        { "*笑* 好的。", "好的。" },
        { "*清了清嗓子* 我们九点开门。", "我们九点开门。" },
        { "好的，*轻笑*没问题。", "好的，没问题。" },
        { "*ため息* そうですね。", "そうですね。" },
        { "*한숨* 네.", "네." },
        { "(laughs) That is right.", "That is right." },
        { "(clears throat) We open.", "We open." },

        // Stressed
        { "This is *really* important.", "This is really important." },
        { "*very* important", "very important" },
        { "It *takes* time.", "It takes time." },
        { "He *laughs* at that.", "He laughs at that." },
        { "*Takes* about five minutes.", "Takes about five minutes." },
        { "It's easy, *takes* five minutes.", "It's easy, takes five minutes." },
        { "*please* be on time", "please be on time" },
        { "*Never* do that.", "Never do that." },
        { "*closed* on Sundays", "closed on Sundays" },
        { "We are *open* now.", "We are open now." },
        { "Today: *closed*", "Today: closed" },
        { "- *milk*\n- *bread*", "milk\nbread" },
        { "1. *snacks*\n2. *drinks*", "1. snacks\n2. drinks" },
        { "*starts at nine*", "starts at nine" },
        { "The show *starts at nine* and ends late.", "The show starts at nine and ends late." },
        { "Please, *pause* the music.", "Please, pause the music." },
        { "*all of it* is free", "all of it is free" },
        { "*it*", "it" },
        { "这是*重要*的，请*微笑*服务。", "这是重要的，请微笑服务。" },
        { "You *must* bring _your_ passport, **not** a copy.", "You must bring your passport, not a copy." },
        { "*clears* the table", "clears the table" },
    };

    /// <summary>In brackets, and no direction.</summary>
    public static TheoryData<string> Plain =>
    [
        "[laughs] Sure.", "Well, [sighs] yes", "the gift (bows) and the desk (phone)", "He said [sic] and (really) meant it", "(see below) and (closed on Sundays)", "we are open (until nine)", "(5 * 3)", "[a (b)]", "(c", "ends (",
    ];
}
