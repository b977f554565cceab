using System.Text.Json.Nodes;

namespace VteWats.Unit.Wats;

/// <summary>A faultless report that has every part there is, so that any of them can be broken.</summary>
internal static class RulesReport
{
    public static JsonObject New() => JsonNode.Parse("""
        {"type":"T","id":"6f1c2b1a-55f0-4f3e-9a61-2b7d1d8f0001","pn":"PN-100","sn":"SN-0001","rev":"A",
         "processCode":100,"result":"F","machineName":"VTE-07","location":"Oslo","purpose":"Production",
         "start":"2024-03-02T08:15:30.1230000+01:00","startUTC":"2024-03-02T07:15:30.1230000Z",
         "uut":{"user":"op1","execTime":41.5,"execTimeFormat":"%.1f","comment":"c","errorCode":3,"errorMessage":"m","batchSN":"LOT-9",
             "fixtureId":"FX","testSocketIndex":-1,
                "batchFailCount":0,"batchLoopIndex":0},
         "miscInfos":[{"description":"Info1","text":"first","typedef":"t"},{"description":"Info2","numeric":3}],
         "subUnits":[{"partType":"Board","pn":"PN-7","sn":"B-1","rev":"C"}],
         "assets":[{"assetSN":"A-1","usageCount":1}],
         "additionalData":[{"name":"Station info","props":[
            {"name":"p","type":"String","flags":0,"value":"v","comment":"c","numFormat":""},
            {"name":"o","type":"Obj","props":[{"name":"inner","type":"Number","value":"1"}]},
            {"name":"a","type":"Array","array":{"dimension":1,"type":"String","indexes":[{"text":"[0]","indexes":[0],"value":{"name":"x",
                "type":"String","value":"1"}}]}}]}],
         "root":{"id":1,"group":"M","stepType":"SequenceCall","name":"Main","status":"F","totTime":41.5,
          "seqCall":{"path":"VTE/Main","name":"Main Plan","version":"1.4"},
          "steps":[
           {"id":2,"group":"S","stepType":"ET_NLT","name":"Idle","status":"F","causedSeqFailure":true,"causedUUTFailure":true,
               "errorCode":1,"errorMessage":"e","reportText":"r","tsGuid":"ID#:1",
            "start":"2024-03-02T08:15:31+01:00","interactiveExeNum":0,"totTime":0.5,
            "numericMeas":[{"compOp":"LE","status":"F","unit":"A","value":0.35,"lowLimit":0.2,"valueFormat":"%.2f"}],
            "additionalResults":[{"name":"Extra","props":[{"name":"p","type":"String","value":"v"}]}]},
           {"id":3,"group":"M","stepType":"ET_MNLT","name":"Rails","status":"P",
            "numericMeas":[{"name":"5V","compOp":"GELE","status":"P","unit":"V","value":5.01,"lowLimit":4.9,"highLimit":5.1},
                           {"name":"3V3","compOp":"LOG","status":"P","unit":"V","value":3.3}]},
           {"id":4,"group":"M","stepType":"ET_SVT","name":"Firmware","status":"P","stringMeas":[{"compOp":"EQ","status":"P",
               "value":"1.2.3","limit":"1.2.3"}]},
           {"id":5,"group":"M","stepType":"ET_PFT","name":"LED","status":"P","booleanMeas":[{"status":"P"}]},
           {"id":6,"group":"M","stepType":"ET_MPFT","name":"Keys","status":"P","booleanMeas":[{"name":"one","status":"P"},{"name":"two",
               "status":"P"}]},
           {"id":7,"group":"M","stepType":"CallExecutable","name":"Tool","status":"P","callExe":{"exitCode":0}},
           {"id":8,"group":"M","stepType":"MessagePopup","name":"Ask","status":"P","messagePopup":{"response":"yes","button":1}},
           {"id":9,"group":"M","stepType":"Action","name":"Curve","status":"D",
            "chart":{"chartType":"Line","label":"Curve","xLabel":"t","yLabel":"U","xUnit":"s","yUnit":"V","series":[{"dataType":"XYG",
                "name":"one","xdata":"0;1;2","ydata":"1;2.5;-3e2"}]}},
           {"id":10,"group":"C","stepType":"ET_A","name":"Log","status":"D","attachment":{"name":"log.txt","contentType":"text/plain",
               "data":"aGVsbG8="}},
           {"id":11,"group":"M","stepType":"SequenceCall","name":"Loop","status":"P","seqCall":{"path":"p","name":"n","version":"1"},
            "loop":{"num":2,"endingIndex":1,"passed":2,"failed":0},
            "steps":[{"id":12,"group":"M","stepType":"ET_SVT","name":"Text","status":"P","stringMeas":[{"compOp":"EQ","status":"P",
                "value":"a","limit":"a"}]}]},
           {"id":13,"group":"M","stepType":"SequenceCall","name":"Loop","status":"P","seqCall":{"path":"p","name":"n","version":"1"},
               "loop":{"idx":0},
            "steps":[{"id":14,"group":"M","stepType":"ET_SVT","name":"Text","status":"P","stringMeas":[{"compOp":"EQ","status":"P",
                "value":"a","limit":"a"}]}]},
           {"id":15,"group":"M","stepType":"SequenceCall","name":"Loop","status":"P","seqCall":{"path":"p","name":"n","version":"1"},
               "loop":{"idx":1},
            "steps":[{"id":16,"group":"M","stepType":"ET_SVT","name":"Text","status":"P","stringMeas":[{"compOp":"EQ","status":"P",
                "value":"a","limit":"a"}]}]}
          ]}}
        """)!.AsObject();

    /// <summary>The node at a path such as <c>root.steps[0].numericMeas[0]</c>; the report itself for an empty path.</summary>
    public static JsonNode At(this JsonNode report, string path)
    {
        var node = report;
        foreach (var part in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var bracket = part.IndexOf('[', StringComparison.Ordinal);
            node = node[bracket < 0 ? part : part[..bracket]]!;
            if (bracket >= 0) node = node[int.Parse(part[(bracket + 1)..^1], System.Globalization.CultureInfo.InvariantCulture)]!;
        }
        return node;
    }
}
