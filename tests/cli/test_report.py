"""`spheres report` as a user runs it (in this process)."""

import report_case


def test_the_file_lies_in_the_run_folder_or_where_it_is_asked_for(spheres, tmp_path):
    folder = report_case.write_run(tmp_path / "run")
    code, out, err = spheres("report", folder)
    assert code == 0, err
    assert (folder / "report.html").is_file()
    assert out.strip().endswith("run/report.html")
    assert "MB" in err
    code, _, _ = spheres("report", folder, "-o", tmp_path / "deep" / "mine.html")
    assert code == 0
    same = (folder / "report.html").read_bytes()
    assert (tmp_path / "deep" / "mine.html").read_bytes() == same


def test_what_is_no_run_is_one_line_and_exit_3(spheres, tmp_path):
    code, out, err = spheres("report", tmp_path / "nowhere")
    assert (code, out, err.count("\n")) == (3, "", 1)
    assert "no such run folder" in err
    (tmp_path / "file").write_text("", encoding="utf-8")
    folder = report_case.write_run(tmp_path / "run")
    code, out, err = spheres("report", folder, "-o", tmp_path / "file" / "x.html")
    assert (code, out, err.count("\n")) == (3, "", 1)
    assert "cannot be written" in err
